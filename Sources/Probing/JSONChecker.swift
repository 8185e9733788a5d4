/// Goes over a document once and says whether it is one JSON value. No recursion; a byte for each level of nesting.
struct JSONChecker {
    private let bytes: UnsafeBufferPointer<UInt8>
    private var place = 0

    init(_ bytes: UnsafeBufferPointer<UInt8>) { self.bytes = bytes }

    /// The offset of the value.
    consuming func check() throws(JSONFlaw) -> Int {
        // A byte order mark is none of the text. Source: RFC 8259, 8.1.
        if bytes.count >= 3, bytes[0] == 0xef, bytes[1] == 0xbb, bytes[2] == 0xbf { place = 3 }
        skipBlanks()
        let root = place
        var open: [UInt8] = []
        open.reserveCapacity(64)
        while true {
            if try value(&open) { continue }
            if try !closed(&open) { break }
        }
        guard place == bytes.count else { throw flaw("more text after the value") }
        return root
    }

    /// Takes a value, or the beginning of one: true when the next value follows at once.
    private mutating func value(_ open: inout [UInt8]) throws(JSONFlaw) -> Bool {
        skipBlanks()
        switch byte {
        case UInt8(ascii: "{"), UInt8(ascii: "["):
            if open.count == JSONText.depthMax { throw .tooDeep }
            let isObject = byte == UInt8(ascii: "{")
            let close = isObject ? UInt8(ascii: "}") : UInt8(ascii: "]")
            open.append(close)
            place += 1
            skipBlanks()
            // An empty one is closed by `closed`.
            if byte == close { return false }
            if isObject { try key() }
            return true
        case UInt8(ascii: "\""): try text()
        case UInt8(ascii: "t"): try word("true")
        case UInt8(ascii: "f"): try word("false")
        case UInt8(ascii: "n"): try word("null")
        case nil: throw flaw(bytes.isEmpty ? "nothing" : "the end where a value should be")
        default: try number()
        }
        return false
    }

    /// After a value: closes what ends here. True when another value follows.
    private mutating func closed(_ open: inout [UInt8]) throws(JSONFlaw) -> Bool {
        while true {
            skipBlanks()
            guard let close = open.last else { return false }
            if byte == close {
                open.removeLast()
                place += 1
            } else if byte == UInt8(ascii: ",") {
                place += 1
                skipBlanks()
                if close == UInt8(ascii: "}") { try key() }
                return true
            } else {
                throw flaw("something else where a comma or the end should be")
            }
        }
    }

    private mutating func key() throws(JSONFlaw) {
        guard byte == UInt8(ascii: "\"") else { throw flaw("something else where a key should be") }
        try text()
        skipBlanks()
        guard byte == UInt8(ascii: ":") else { throw flaw("something else where a colon should be") }
        place += 1
    }

    private mutating func text() throws(JSONFlaw) {
        place += 1
        while let next = byte {
            switch next {
            case UInt8(ascii: "\""):
                place += 1
                return
            case UInt8(ascii: "\\"): try escape()
            case ..<0x20: throw flaw("a control character in a text")
            case ..<0x80: place += 1
            default: try scalar(next)
            }
        }
        throw flaw("the end inside a text")
    }

    private mutating func escape() throws(JSONFlaw) {
        guard place + 1 < bytes.count else { throw flaw("the end inside a text") }
        switch bytes[place + 1] {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"), UInt8(ascii: "b"), UInt8(ascii: "f"),
            UInt8(ascii: "n"), UInt8(ascii: "r"), UInt8(ascii: "t"):
            place += 2
        case UInt8(ascii: "u"):
            guard place + 6 <= bytes.count,
                bytes[place + 2..<place + 6].allSatisfy({ Character(Unicode.Scalar($0)).isHexDigit })
            else { throw flaw("an escape that is none") }
            place += 6
        default: throw flaw("an escape that is none")
        }
    }

    /// A character of several bytes. Source: RFC 3629, 4.
    private mutating func scalar(_ first: UInt8) throws(JSONFlaw) {
        let count: Int
        var second: ClosedRange<UInt8> = 0x80...0xbf
        switch first {
        case 0xc2...0xdf: count = 2
        case 0xe0...0xef:
            count = 3
            if first == 0xe0 { second = 0xa0...0xbf }
            if first == 0xed { second = 0x80...0x9f }
        case 0xf0...0xf4:
            count = 4
            if first == 0xf0 { second = 0x90...0xbf }
            if first == 0xf4 { second = 0x80...0x8f }
        default: throw flaw("bytes that are not UTF-8")
        }
        guard place + count <= bytes.count, second.contains(bytes[place + 1]),
            bytes[place + 1..<place + count].allSatisfy({ $0 & 0xc0 == 0x80 })
        else { throw flaw("bytes that are not UTF-8") }
        place += count
    }

    private mutating func word(_ word: StaticString) throws(JSONFlaw) {
        let count = word.utf8CodeUnitCount
        guard place + count <= bytes.count,
            UnsafeBufferPointer(rebasing: bytes[place..<place + count]).elementsEqual(
                UnsafeBufferPointer(start: word.utf8Start, count: count))
        else { throw flaw("a word that is none") }
        place += count
    }

    private mutating func number() throws(JSONFlaw) {
        let start = place
        if byte == UInt8(ascii: "-") { place += 1 }
        let first = byte
        guard digits() else {
            place = start
            throw flaw("something that is no value")
        }
        if first == UInt8(ascii: "0"), place - start > (bytes[start] == UInt8(ascii: "-") ? 2 : 1) {
            throw flaw("a number with a zero in front")
        }
        if byte == UInt8(ascii: ".") {
            place += 1
            guard digits() else { throw flaw("a number without digits after its point") }
        }
        if byte == UInt8(ascii: "e") || byte == UInt8(ascii: "E") {
            place += 1
            if byte == UInt8(ascii: "+") || byte == UInt8(ascii: "-") { place += 1 }
            guard digits() else { throw flaw("a number without digits in its exponent") }
        }
    }

    private mutating func digits() -> Bool {
        let start = place
        while let next = byte, (0x30...0x39).contains(next) { place += 1 }
        return place > start
    }

    private var byte: UInt8? { place < bytes.count ? bytes[place] : nil }

    private mutating func skipBlanks() {
        while place < bytes.count, JSONText.isBlank(bytes[place]) { place += 1 }
    }

    private func flaw(_ why: String) -> JSONFlaw { .malformed(why, at: place) }
}
