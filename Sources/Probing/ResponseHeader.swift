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
    private let memory = UnsafeMutablePointer<CChar>.allocate(capacity: ResponseHeader.keptMax)

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
        let room = min(line.count, ResponseHeader.keptMax - kept)
        memcpy(memory + kept, bytes, room)
        kept += room
        return .taken
    }

    /// The kept lines, the status line first.
    var lines: [String] {
        String(decoding: UnsafeRawBufferPointer(start: memory, count: kept), as: UTF8.self)
            .split(whereSeparator: { $0 == "\r\n" || $0 == "\n" || $0 == "\r" }).map(String.init)
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
