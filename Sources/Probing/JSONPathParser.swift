/// Reads a query. Source: RFC 9535, appendix A.
struct JSONPathParser {
    let text: [Unicode.Scalar]
    var place = 0
    var nesting = 0

    init(_ text: String) { self.text = Array(text.unicodeScalars) }

    consuming func parse() throws(JSONPathFlaw) -> [JSONPath.Segment] {
        if text.count > JSONPath.lengthMax { throw flaw("a path has at most \(JSONPath.lengthMax) characters") }
        guard take("$") else { throw flaw("a path begins with \"$\"") }
        let segments = try segments()
        guard place == text.count else { throw flaw("\"\(text[place])\" cannot stand here") }
        return segments
    }

    mutating func segments() throws(JSONPathFlaw) -> [JSONPath.Segment] {
        var segments: [JSONPath.Segment] = []
        while true {
            let before = place
            skipBlanks()
            guard peek == "." || peek == "[" else {
                place = before
                return segments
            }
            if segments.count == JSONPath.segmentsMax {
                throw flaw("a path has at most \(JSONPath.segmentsMax) segments")
            }
            segments.append(try segment())
        }
    }

    mutating func segment() throws(JSONPathFlaw) -> JSONPath.Segment {
        if take("[") { return JSONPath.Segment(isDescendant: false, selectors: try selectors()) }
        let isDescendant = take("..")
        if !isDescendant { _ = take(".") }
        if isDescendant, take("[") { return JSONPath.Segment(isDescendant: true, selectors: try selectors()) }
        if take("*") { return JSONPath.Segment(isDescendant: isDescendant, selectors: [.wildcard]) }
        var name = ""
        while let next = peek, Self.isNameCharacter(next, isFirst: name.isEmpty) {
            name.unicodeScalars.append(next)
            place += 1
        }
        if name.isEmpty { throw flaw("a name, \"*\" or \"[\" must follow the dot") }
        return JSONPath.Segment(isDescendant: isDescendant, selectors: [.name(Array(name.utf8))])
    }

    mutating func selectors() throws(JSONPathFlaw) -> [JSONPath.Selector] {
        var selectors: [JSONPath.Selector] = []
        repeat {
            if selectors.count == JSONPath.selectorsMax {
                throw flaw("brackets hold at most \(JSONPath.selectorsMax) selectors")
            }
            skipBlanks()
            selectors.append(try selector())
            skipBlanks()
        } while take(",")
        guard take("]") else { throw flaw("\"]\" is missing") }
        return selectors
    }

    mutating func selector() throws(JSONPathFlaw) -> JSONPath.Selector {
        switch peek {
        case "*":
            place += 1
            return .wildcard
        case "?":
            place += 1
            skipBlanks()
            return .filter(try nested { (parser) throws(JSONPathFlaw) in try parser.anyOf() })
        case "\"", "'": return .name(try quoted())
        default: return try indexOrSlice()
        }
    }

    mutating func indexOrSlice() throws(JSONPathFlaw) -> JSONPath.Selector {
        let start = try whole()
        let before = place
        skipBlanks()
        guard take(":") else {
            place = before
            guard let start else { throw flaw("a selector must stand here: a name in quotation marks, an index, *") }
            return .index(start)
        }
        skipBlanks()
        let end = try whole()
        if end != nil { skipBlanks() }
        var step: Int?
        if take(":") {
            let before = place
            skipBlanks()
            step = try whole()
            if step == nil { place = before }
        }
        return .slice(start: start, end: end, step: step ?? 1)
    }

    /// A whole number that every JSON reader keeps exactly. Source: RFC 9535, 2.1.
    mutating func whole() throws(JSONPathFlaw) -> Int? {
        let start = place
        _ = take("-")
        let first = place
        while let next = peek, Self.isDigit(next) { place += 1 }
        guard place > first else {
            if first > start { throw flaw("a number must follow \"-\"") }
            return nil
        }
        let digits = string(start..<place)
        let hasZero = text[first] == "0" && (place > first + 1 || first > start)
        guard !hasZero, let number = Int(digits), abs(number) < 1 << 53 else {
            place = start
            throw flaw("\"\(digits)\" is no index")
        }
        return number
    }

    mutating func nested<Value>(
        _ parse: (inout JSONPathParser) throws(JSONPathFlaw) -> Value
    ) throws(JSONPathFlaw) -> Value {
        if nesting == JSONPath.nestingMax { throw flaw("filters nest at most \(JSONPath.nestingMax) levels deep") }
        nesting += 1
        defer { nesting -= 1 }
        return try parse(&self)
    }

    var peek: Unicode.Scalar? { place < text.count ? text[place] : nil }

    mutating func take(_ wanted: String) -> Bool {
        let scalars = wanted.unicodeScalars
        guard text[place...].starts(with: scalars) else { return false }
        place += scalars.count
        return true
    }

    mutating func takeAfterBlanks(_ wanted: String) -> Bool {
        let before = place
        skipBlanks()
        if take(wanted) { return true }
        place = before
        return false
    }

    mutating func takeComparison() -> JSONPath.Comparison? {
        for sign in ["==", "!=", "<=", ">=", "<", ">"] where take(sign) { return JSONPath.Comparison(rawValue: sign) }
        return nil
    }

    mutating func skipBlanks() {
        while let next = peek, next == " " || next == "\t" || next == "\n" || next == "\r" { place += 1 }
    }

    static func isDigit(_ scalar: Unicode.Scalar) -> Bool { ("0"..."9").contains(scalar) }

    private static func isNameCharacter(_ scalar: Unicode.Scalar, isFirst: Bool) -> Bool {
        switch scalar {
        case "a"..."z", "A"..."Z", "_", "\u{80}"...: true
        case "0"..."9": !isFirst
        default: false
        }
    }

    func string(_ range: Range<Int>) -> String {
        var string = ""
        string.unicodeScalars.append(contentsOf: text[range])
        return string
    }

    func flaw(_ why: String, at start: Int? = nil) -> JSONPathFlaw {
        JSONPathFlaw(text: why, character: (start ?? place) + 1)
    }
}
