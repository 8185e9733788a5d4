import Glibc

/// The header lines of one response as they come in: counted, bounded, the first of them kept as evidence. Of several
/// responses to one request (informational ones come first) the last is kept, but all are counted.
struct ResponseHeader: ~Copyable {
    /// Most bytes of all lines, informational responses and trailers included.
    static let bytesMax = 256 << 10
    /// Bytes kept as evidence.
    static let keptMax = 8192

    /// What a line comes to.
    enum Reading {
        case taken
        case tooLarge
        case wrongStatusLine
    }

    /// Bytes of all lines since `begin`.
    private(set) var count = 0
    /// The empty line after the last field has come.
    private(set) var isWhole = false
    private var kept = 0
    private var capacity = ResponseHeader.keptMax
    private var memory = UnsafeMutablePointer<CChar>.allocate(capacity: ResponseHeader.keptMax)

    /// Somebody will ask for fields: all lines are kept, not only the first as evidence.
    var keepsAll = false

    deinit { memory.deallocate() }

    mutating func begin() {
        count = 0
        kept = 0
        isWhole = false
    }

    /// Takes in the next line, its end included.
    mutating func add(_ line: UnsafeBufferPointer<CChar>) -> Reading {
        count += line.count
        guard count <= ResponseHeader.bytesMax else { return .tooLarge }
        guard let bytes = line.baseAddress, line.count > 0 else { return .taken }
        if bytes[0] == 0x0d || bytes[0] == 0x0a { isWhole = true }
        if line.count > 5, memcmp(bytes, "HTTP/", 5) == 0 {
            kept = 0
            isWhole = false
            // libcurl takes anything that begins so for a good answer.
            guard ResponseHeader.isStatusLine(line) else { return .wrongStatusLine }
        }
        if keepsAll, kept + line.count > capacity { grow(to: kept + line.count) }
        let room = min(line.count, capacity - kept)
        memcpy(memory + kept, bytes, room)
        kept += room
        return .taken
    }

    /// The first lines, the status line in front.
    var lines: [String] {
        String(decoding: bytes(limit: ResponseHeader.keptMax), as: UTF8.self)
            .split(whereSeparator: { $0 == "\r\n" || $0 == "\n" || $0 == "\r" }).map(String.init)
    }

    /// The values of a field, in any case of letters, one for each time it came; trailers are none. Only complete when
    /// all is kept. A folded line belongs to the one before it. Source: RFC 9112, 5.
    func fields(named name: String) -> [String] {
        let wanted = name.lowercased()
        var values: [String] = []
        var isWanted = false
        for line in bytes(limit: kept).split(separator: 0x0a, omittingEmptySubsequences: false).dropFirst() {
            let isFolded = line.first == 0x20 || line.first == 0x09
            let line = String(decoding: line, as: UTF8.self).trimmed
            if line.isEmpty { break }
            if isFolded {
                if isWanted { values[values.count - 1] += " \(line)" }
                continue
            }
            guard let colon = line.firstIndex(of: ":") else { continue }
            isWanted = line[..<colon].trimmed.lowercased() == wanted
            if isWanted { values.append(String(line[line.index(after: colon)...].trimmed)) }
        }
        return values
    }

    private func bytes(limit: Int) -> UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(start: memory, count: min(kept, limit))
    }

    private mutating func grow(to needed: Int) {
        let grown = min(max(needed, capacity * 2), ResponseHeader.bytesMax)
        let moved = UnsafeMutablePointer<CChar>.allocate(capacity: grown)
        moved.update(from: memory, count: kept)
        memory.deallocate()
        memory = moved
        capacity = grown
    }

    /// `HTTP/1.1 200 …`, `HTTP/2 200 …`. Source: RFC 9112, 4.
    private static func isStatusLine(_ line: UnsafeBufferPointer<CChar>) -> Bool {
        func isDigit(_ place: Int) -> Bool { place < line.count && (0x30...0x39).contains(line[place]) }
        guard isDigit(5) else { return false }
        let space = line.count > 6 && line[6] == 0x2e ? 8 : 6
        return space < line.count && (space == 6 || isDigit(7)) && line[space] == 0x20
            && isDigit(space + 1) && isDigit(space + 2) && isDigit(space + 3) && !isDigit(space + 4)
    }
}

extension StringProtocol {
    /// Without the blanks around it.
    fileprivate var trimmed: SubSequence {
        func isBlank(_ character: Character) -> Bool {
            character == " " || character == "\t" || character == "\r" || character == "\r\n"
        }
        var text = self[...]
        while let last = text.last, isBlank(last) { text.removeLast() }
        return text.drop(while: isBlank)
    }
}
