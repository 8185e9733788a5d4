/// The bytes a target has sent on a plain connection, up to a bound.
struct ReplyBuffer: ~Copyable {
    /// Most bytes of a reply that are taken in and searched.
    static let bytesMax = 65_536
    private static let firstCapacity = 4096
    /// Bytes that may be gone through again and again, some milliseconds of work.
    private static let cheapSearchMax = 4 << 20

    private(set) var count = 0
    private var searched = 0
    /// Bytes gone through by all searches so far.
    private var searchedInAll = 0
    private var memory: UnsafeMutableRawBufferPointer?

    deinit { memory?.deallocate() }

    var isFull: Bool { count == ReplyBuffer.bytesMax }
    /// Whether to search again: at every arrival, as long as all searches together stay cheap; against a target that
    /// drips byte by byte only when another eighth has come.
    var isWorthSearching: Bool {
        count > searched && (searchedInAll < ReplyBuffer.cheapSearchMax || count - searched >= count / 8)
    }
    var bytes: UnsafePointer<CChar>? { UnsafePointer(memory?.baseAddress?.assumingMemoryBound(to: CChar.self)) }

    mutating func markSearched() {
        searched = count
        searchedInAll += count
    }
    mutating func advance(_ added: Int) { count += added }

    /// Forgets the first `used` bytes; what follows them is a text of its own.
    mutating func removeFirst(_ used: Int) {
        searched = 0
        searchedInAll = 0
        guard used > 0, let start = memory?.baseAddress else { return }
        count -= used
        start.copyMemory(from: start + used, byteCount: count)
    }

    /// Calls `body` with the bytes.
    func withBytes<Value>(_ body: (Span<UInt8>) -> Value) -> Value {
        let bytes = UnsafeRawBufferPointer(start: memory?.baseAddress, count: count)
        return bytes.withMemoryRebound(to: UInt8.self) { body($0.span) }
    }

    /// Free space behind the bytes, never empty unless the buffer is full.
    mutating func room() -> UnsafeMutableRawBufferPointer? {
        let capacity = memory?.count ?? 0
        if count == capacity, !isFull { grow(to: max(ReplyBuffer.firstCapacity, capacity * 4)) }
        return memory.map { UnsafeMutableRawBufferPointer(rebasing: $0[count...]) }
    }

    mutating func clear() {
        count = 0
        searched = 0
        searchedInAll = 0
        guard let memory, memory.count > ReplyBuffer.firstCapacity else { return }
        memory.deallocate()
        self.memory = nil
    }

    /// The first `limit` bytes as text.
    func text(limit: Int) -> String? {
        guard let memory, count > 0 else { return nil }
        return String(decoding: memory[..<min(count, limit)], as: UTF8.self)
    }

    private mutating func grow(to capacity: Int) {
        let grown = UnsafeMutableRawBufferPointer.allocate(
            byteCount: min(capacity, ReplyBuffer.bytesMax), alignment: 16)
        if let memory {
            grown.copyMemory(from: UnsafeRawBufferPointer(rebasing: memory[..<count]))
            memory.deallocate()
        }
        memory = grown
    }
}
