/// Numbers and texts in quotation marks. Source: RFC 9535, 2.3.1.1 and 2.3.5.1.
extension JSONPathParser {
    mutating func number() throws(JSONPathFlaw) -> JSONNumber {
        let start = place
        _ = take("-")
        let first = place
        while let next = peek, Self.isDigit(next) { place += 1 }
        if place == first { throw flaw("a number must follow \"-\"") }
        if text[first] == "0", place > first + 1 { throw flaw("a number must not begin with 0", at: start) }
        if take(".") { try digits("the point") }
        if take("e") || take("E") {
            if !take("+") { _ = take("-") }
            try digits("the exponent")
        }
        return JSONNumber(Array(string(start..<place).utf8))
    }

    mutating func digits(_ after: String) throws(JSONPathFlaw) {
        let start = place
        while let next = peek, Self.isDigit(next) { place += 1 }
        if place == start { throw flaw("digits must follow \(after) of a number") }
    }

    mutating func quoted() throws(JSONPathFlaw) -> [UInt8] {
        let start = place
        let quote = text[place]
        place += 1
        var content = ""
        while let next = peek {
            place += 1
            switch next {
            case quote: return Array(content.utf8)
            case "\\": content.unicodeScalars.append(try escape(quote))
            case ..<" ": throw flaw("a control character must be escaped", at: place - 1)
            default: content.unicodeScalars.append(next)
            }
        }
        throw flaw("the quotation mark is not closed", at: start)
    }

    mutating func escape(_ quote: Unicode.Scalar) throws(JSONPathFlaw) -> Unicode.Scalar {
        let start = place - 1
        guard let next = peek else { throw flaw("the escape has no end", at: start) }
        place += 1
        switch next {
        case "b": return "\u{8}"
        case "f": return "\u{c}"
        case "n": return "\n"
        case "r": return "\r"
        case "t": return "\t"
        case "/", "\\", quote: return next
        case "u":
            guard let high = unit() else { throw flaw("\\u takes four hexadecimal digits", at: start) }
            if let scalar = Unicode.Scalar(high) { return scalar }
            guard high < 0xdc00, take("\\u"), let low = unit(), (0xdc00...0xdfff).contains(low),
                let scalar = Unicode.Scalar(0x10000 + (high - 0xd800) << 10 + (low - 0xdc00))
            else { throw flaw("half a surrogate pair is no character", at: start) }
            return scalar
        default: throw flaw("\"\\\(next)\" is no escape", at: start)
        }
    }

    mutating func unit() -> UInt32? {
        guard place + 4 <= text.count, text[place..<place + 4].allSatisfy({ $0.properties.isASCIIHexDigit }) else {
            return nil
        }
        place += 4
        return UInt32(string(place - 4..<place), radix: 16)
    }
}
