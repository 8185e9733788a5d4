import Glibc

/// A JSON document where it lies: checked once from end to end, then walked without a copy, so that whatever it holds
/// costs no memory. A value is the offset of its first byte. Source: RFC 8259.
///
/// Every byte gone over is a step, and the steps of one document are bounded: so is the time, whatever is asked of it.
final class JSONText {
    /// Deeper nesting is refused.
    static let depthMax = 512
    /// Steps of one document, for all that is asked of it; about a tenth of a second.
    static let stepsMax = 64 << 20
    /// Longest text that is looked at; of a longer one the first bytes.
    static let textMax = 512 << 10

    let bytes: UnsafeBufferPointer<UInt8>
    private(set) var root = 0
    private(set) var stepsLeft: Int

    /// `bytes`: outlive the object.
    init(_ bytes: UnsafeBufferPointer<UInt8>, stepsMax: Int = JSONText.stepsMax) throws(JSONFlaw) {
        self.bytes = bytes
        stepsLeft = stepsMax
        try take(bytes.count)
        root = try JSONChecker(bytes).check()
    }

    enum Kind {
        case null, bool, number, text, list, object
    }

    func kind(of value: Int) -> Kind {
        switch bytes[value] {
        case UInt8(ascii: "n"): .null
        case UInt8(ascii: "t"), UInt8(ascii: "f"): .bool
        case UInt8(ascii: "\""): .text
        case UInt8(ascii: "["): .list
        case UInt8(ascii: "{"): .object
        default: .number
        }
    }

    /// Counts steps; throws when there are no more.
    func take(_ steps: Int) throws(JSONFlaw) {
        stepsLeft -= steps
        if stepsLeft < 0 { throw .tooMuchWork }
    }

    /// The offset behind the value.
    func end(of value: Int) throws(JSONFlaw) -> Int {
        var place = value
        switch bytes[value] {
        case UInt8(ascii: "\""): place = textEnd(value)
        case UInt8(ascii: "["), UInt8(ascii: "{"):
            var depth = 0
            repeat {
                switch bytes[place] {
                case UInt8(ascii: "\""): place = textEnd(place) - 1
                case UInt8(ascii: "["), UInt8(ascii: "{"): depth += 1
                case UInt8(ascii: "]"), UInt8(ascii: "}"): depth -= 1
                default: break
                }
                place += 1
            } while depth > 0
        default:
            while place < bytes.count, !JSONText.endsScalar(bytes[place]) { place += 1 }
        }
        try take(place - value)
        return place
    }

    /// Calls `body` with each child and its key (the range between the quotation marks; nil in a list), in order,
    /// until it says false. False when it did. Nothing for a value that has no children.
    func forEachChild(
        of value: Int, _ body: (_ key: Range<Int>?, _ child: Int) throws(JSONFlaw) -> Bool
    ) throws(JSONFlaw) -> Bool {
        let isObject = bytes[value] == UInt8(ascii: "{")
        guard isObject || bytes[value] == UInt8(ascii: "[") else { return true }
        var place = skipBlanks(value + 1)
        while bytes[place] != UInt8(ascii: "]"), bytes[place] != UInt8(ascii: "}") {
            try take(1)
            var key: Range<Int>?
            if isObject {
                let end = textEnd(place)
                try take(end - place)
                key = place + 1..<end - 1
                // Past the colon.
                place = skipBlanks(skipBlanks(end) + 1)
            }
            if try !body(key, place) { return false }
            place = skipBlanks(try end(of: place))
            if bytes[place] == UInt8(ascii: ",") { place = skipBlanks(place + 1) }
        }
        return true
    }

    /// The content of a text between quotation marks, escapes resolved; the first `textMax` bytes.
    func text(_ range: Range<Int>) throws(JSONFlaw) -> [UInt8] {
        try take(range.count)
        let raw = UnsafeBufferPointer(rebasing: bytes[range.prefix(JSONText.textMax)])
        guard let start = raw.baseAddress, memchr(start, 0x5c, raw.count) != nil else { return Array(raw) }
        var text: [UInt8] = []
        text.reserveCapacity(raw.count)
        var place = 0
        while place < raw.count {
            guard raw[place] == UInt8(ascii: "\\") else {
                text.append(raw[place])
                place += 1
                continue
            }
            let (scalar, count) = JSONText.escape(raw, at: place)
            JSONText.append(scalar, to: &text)
            place += count
        }
        return text
    }

    /// Unicode scalars of the text at `value`.
    func length(ofText value: Int) throws(JSONFlaw) -> Int {
        let end = textEnd(value) - 1
        try take(end - value)
        var count = 0
        var place = value + 1
        while place < end {
            if bytes[place] == UInt8(ascii: "\\") {
                place += JSONText.escape(UnsafeBufferPointer(rebasing: bytes[..<end]), at: place).count
                count += 1
            } else {
                if bytes[place] & 0xc0 != 0x80 { count += 1 }
                place += 1
            }
        }
        return count
    }

    /// The range between the quotation marks of the text at `value`.
    func content(ofText value: Int) -> Range<Int> { value + 1..<textEnd(value) - 1 }

    private func textEnd(_ value: Int) -> Int {
        var place = value + 1
        while bytes[place] != UInt8(ascii: "\"") { place += bytes[place] == UInt8(ascii: "\\") ? 2 : 1 }
        return place + 1
    }

    private func skipBlanks(_ from: Int) -> Int {
        var place = from
        while JSONText.isBlank(bytes[place]) { place += 1 }
        return place
    }

    static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x0a || byte == 0x0d || byte == 0x09 }

    private static func endsScalar(_ byte: UInt8) -> Bool {
        isBlank(byte) || byte == UInt8(ascii: ",") || byte == UInt8(ascii: "]") || byte == UInt8(ascii: "}")
    }

    /// The character that the escape at `place` stands for, and the escape's length. A surrogate without its other half
    /// stands for itself. Source: RFC 8259, 7.
    private static func escape(_ raw: UnsafeBufferPointer<UInt8>, at place: Int) -> (scalar: UInt32, count: Int) {
        func unit(_ at: Int) -> UInt32? {
            guard at + 6 <= raw.count, raw[at] == UInt8(ascii: "\\"), raw[at + 1] == UInt8(ascii: "u") else {
                return nil
            }
            return raw[at + 2..<at + 6].reduce(0) { $0 << 4 | UInt32(Character(Unicode.Scalar($1)).hexDigitValue ?? 0) }
        }
        guard place + 1 < raw.count else { return (UInt32(UInt8(ascii: "\\")), 1) }
        switch raw[place + 1] {
        case UInt8(ascii: "b"): return (8, 2)
        case UInt8(ascii: "f"): return (12, 2)
        case UInt8(ascii: "n"): return (10, 2)
        case UInt8(ascii: "r"): return (13, 2)
        case UInt8(ascii: "t"): return (9, 2)
        case UInt8(ascii: "u"):
            guard let high = unit(place) else { return (0xfffd, raw.count - place) }
            if (0xd800...0xdbff).contains(high), let low = unit(place + 6), (0xdc00...0xdfff).contains(low) {
                return (0x10000 + (high - 0xd800) << 10 + (low - 0xdc00), 12)
            }
            return (high, 6)
        case let other: return (UInt32(other), 2)
        }
    }

    private static func append(_ scalar: UInt32, to text: inout [UInt8]) {
        switch scalar {
        case ..<0x80: text.append(UInt8(scalar))
        case ..<0x800: text += [0xc0 | UInt8(scalar >> 6), 0x80 | UInt8(scalar & 0x3f)]
        case ..<0x10000:
            text += [0xe0 | UInt8(scalar >> 12), 0x80 | UInt8(scalar >> 6 & 0x3f), 0x80 | UInt8(scalar & 0x3f)]
        default:
            text += [
                0xf0 | UInt8(scalar >> 18), 0x80 | UInt8(scalar >> 12 & 0x3f), 0x80 | UInt8(scalar >> 6 & 0x3f),
                0x80 | UInt8(scalar & 0x3f),
            ]
        }
    }
}

/// Why a document cannot be asked.
enum JSONFlaw: Error, Equatable {
    case malformed(String, at: Int)
    case tooDeep
    case tooMuchWork

    var text: String {
        switch self {
        case .malformed(let why, let place): "not JSON: \(why) at byte \(place + 1)"
        case .tooDeep: "JSON nested more than \(JSONText.depthMax) levels deep"
        case .tooMuchWork: "JSON that takes more than \(JSONText.stepsMax >> 20) Mi steps to search"
        }
    }
}
