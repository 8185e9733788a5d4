import Glibc

/// The header lines of one response as they come in: counted, bounded, the first of them kept as evidence. Of several
/// responses to one request (informational ones come first) the last is kept, but all are counted.
struct ResponseHeader: ~Copyable {
    /// Most bytes of all lines, informational responses and trailers included.
    static let bytesMax = 256 << 10
    /// Most lines, counted likewise: libcurl keeps each of them apart.
    static let linesMax = 4096
    /// Most informational answers (1xx) before the one that counts.
    static let interimMax = 64
    /// Bytes kept as evidence.
    static let keptMax = 8192

    /// What a line comes to.
    enum Reading {
        case taken
        case tooLarge
        case wrongStatusLine
        /// A Content-Length that is no number, or two that differ. Source: RFC 9112, 6.3.
        case wrongLength
        case tooManyInterim
    }

    /// Bytes of all lines since `begin`.
    private(set) var count = 0
    /// The empty line after the last field has come.
    private(set) var isWhole = false
    private var lineCount = 0
    private var responses = 0
    /// Of the Content-Length field; -1 when there was none.
    private var length: Int64 = -1
    /// A Transfer-Encoding was said.
    private var isChunked = false
    private var kept = 0
    private let memory = UnsafeMutablePointer<CChar>.allocate(capacity: ResponseHeader.keptMax)

    deinit { memory.deallocate() }

    mutating func begin() {
        count = 0
        lineCount = 0
        responses = 0
        length = -1
        isChunked = false
        kept = 0
        isWhole = false
    }

    /// Takes in the next line, its end included.
    mutating func add(_ line: UnsafeBufferPointer<CChar>) -> Reading {
        count += line.count
        lineCount += 1
        guard count <= ResponseHeader.bytesMax, lineCount <= ResponseHeader.linesMax else { return .tooLarge }
        guard let bytes = line.baseAddress, line.count > 0 else { return .taken }
        if bytes[0] == 0x0d || bytes[0] == 0x0a { isWhole = true }
        if line.count > 5, memcmp(bytes, "HTTP/", 5) == 0 {
            kept = 0
            length = -1
            isChunked = false
            isWhole = false
            responses += 1
            if responses > ResponseHeader.interimMax + 1 { return .tooManyInterim }
            // libcurl takes anything that begins so for a good answer.
            guard ResponseHeader.isStatusLine(line) else { return .wrongStatusLine }
        }
        if bytes[0] | 0x20 == 0x74, line.count > 18, strncasecmp(bytes, "transfer-encoding:", 18) == 0 {
            isChunked = true
        }
        if bytes[0] | 0x20 == 0x63, !takesLength(line) { return .wrongLength }
        let room = min(line.count, ResponseHeader.keptMax - kept)
        memcpy(memory + kept, bytes, room)
        kept += room
        return .taken
    }

    /// Nothing but the end of the connection tells where the body ends. Source: RFC 9112, 6.3.
    var endsByClosing: Bool { length < 0 && !isChunked }

    /// The kept lines, the status line first.
    var lines: [String] {
        String(decoding: UnsafeRawBufferPointer(start: memory, count: kept), as: UTF8.self)
            .split(whereSeparator: { $0 == "\r\n" || $0 == "\n" || $0 == "\r" }).map(String.init)
    }

    /// False when the line is a Content-Length that cannot be, or is not the one before. The same number again, also in
    /// a list, is taken. Source: RFC 9110, 8.6.
    private mutating func takesLength(_ line: UnsafeBufferPointer<CChar>) -> Bool {
        let name = 15
        guard line.count > name, let bytes = line.baseAddress, strncasecmp(bytes, "content-length:", name) == 0
        else { return true }
        var value: Int64 = -1
        var isOver = false
        for byte in line[name...] {
            switch byte {
            case 0x30...0x39:
                if isOver { return false }
                let (tens, isFar) = max(0, value).multipliedReportingOverflow(by: 10)
                let (sum, isFarther) = tens.addingReportingOverflow(Int64(byte - 0x30))
                if isFar || isFarther { return false }
                value = sum
            case 0x20, 0x09, 0x0d, 0x0a: isOver = value >= 0
            case 0x2c:
                guard value >= 0, length < 0 || length == value else { return false }
                length = value
                value = -1
                isOver = false
            default: return false
            }
        }
        guard value >= 0, length < 0 || length == value else { return false }
        length = value
        return true
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
