import Vocabulary

/// Conditions and functions, and whether they are well-typed. Source: RFC 9535, 2.3.5 and 2.4.3.
extension JSONPathParser {
    mutating func anyOf() throws(JSONPathFlaw) -> JSONPath.Condition {
        var conditions = [try allOf()]
        while takeAfterBlanks("||") {
            skipBlanks()
            conditions.append(try allOf())
        }
        return conditions.count == 1 ? conditions[0] : .any(conditions)
    }

    mutating func allOf() throws(JSONPathFlaw) -> JSONPath.Condition {
        var conditions = [try condition()]
        while takeAfterBlanks("&&") {
            skipBlanks()
            conditions.append(try condition())
        }
        return conditions.count == 1 ? conditions[0] : .all(conditions)
    }

    mutating func condition() throws(JSONPathFlaw) -> JSONPath.Condition {
        if take("!") {
            skipBlanks()
            let start = place
            if take("(") { return .not(try parenthesis()) }
            return .not(try test(try term(), at: start))
        }
        if take("(") { return try parenthesis() }
        let start = place
        let left = try term()
        let before = place
        skipBlanks()
        guard let comparison = takeComparison() else {
            place = before
            return try test(left, at: start)
        }
        skipBlanks()
        let rightStart = place
        let right = try term()
        return .compare(try operand(left, at: start), comparison, try operand(right, at: rightStart))
    }

    mutating func parenthesis() throws(JSONPathFlaw) -> JSONPath.Condition {
        skipBlanks()
        let condition = try nested { (parser) throws(JSONPathFlaw) in try parser.anyOf() }
        skipBlanks()
        guard take(")") else { throw flaw("\")\" is missing") }
        return condition
    }

    /// What stands on one side of a comparison, or alone.
    enum Term {
        case literal(JSONValue)
        case query(JSONPath.Query)
        case valued(JSONPath.Operand)
        case logical(JSONPath.Condition)
    }

    func test(_ term: Term, at start: Int) throws(JSONPathFlaw) -> JSONPath.Condition {
        switch term {
        case .query(let query): return .exists(query)
        case .logical(let condition): return condition
        case .literal: throw flaw("a value alone is no condition; compare it", at: start)
        case .valued: throw flaw("what this function gives must be compared", at: start)
        }
    }

    func operand(_ term: Term, at start: Int) throws(JSONPathFlaw) -> JSONPath.Operand {
        switch term {
        case .literal(let value): return .literal(value)
        case .valued(let operand): return operand
        case .query(let query):
            guard query.isSingular else {
                throw flaw("a path that may select several values cannot be compared or measured", at: start)
            }
            return .query(query)
        case .logical: throw flaw("what this function gives is a condition and cannot be compared", at: start)
        }
    }

    mutating func term() throws(JSONPathFlaw) -> Term {
        guard let next = peek else { throw flaw("the path ends where a condition should be") }
        switch next {
        case "$", "@":
            place += 1
            return .query(
                JSONPath.Query(
                    isRelative: next == "@",
                    segments: try nested { (parser) throws(JSONPathFlaw) in try parser.segments() }))
        case "\"", "'": return .literal(.text(try quoted()))
        case "-", "0"..."9": return .literal(.number(try number()))
        case "a"..."z": return try wordOrFunction()
        default: throw flaw("\"\(next)\" cannot stand here")
        }
    }

    mutating func wordOrFunction() throws(JSONPathFlaw) -> Term {
        let start = place
        while let next = peek, ("a"..."z").contains(next) || Self.isDigit(next) || next == "_" { place += 1 }
        let word = string(start..<place)
        guard take("(") else {
            switch word {
            case "true": return .literal(.bool(true))
            case "false": return .literal(.bool(false))
            case "null": return .literal(.null)
            default: throw flaw("\"\(word)\" cannot stand here", at: start)
            }
        }
        return try nested { (parser) throws(JSONPathFlaw) in try parser.function(word, at: start) }
    }

    mutating func function(_ name: String, at start: Int) throws(JSONPathFlaw) -> Term {
        let counts = ["length": 1, "count": 1, "value": 1, "match": 2, "search": 2]
        guard let count = counts[name] else {
            let hint = SettingReader.hint(for: name, among: counts.keys)
            throw flaw("there is no function \"\(name)\"\(hint)", at: start)
        }
        var terms: [(term: Term, start: Int)] = []
        skipBlanks()
        if peek != ")" {
            repeat {
                skipBlanks()
                let start = place
                terms.append((try term(), start))
                skipBlanks()
            } while take(",")
        }
        guard take(")") else { throw flaw("\")\" is missing") }
        guard terms.count == count else {
            throw flaw("\(name) takes \(count == 1 ? "one argument" : "two arguments"), not \(terms.count)", at: start)
        }
        func nodes() throws(JSONPathFlaw) -> JSONPath.Query {
            guard case .query(let query) = terms[0].term else {
                throw flaw("\(name) takes a path", at: terms[0].start)
            }
            return query
        }
        switch name {
        case "count": return .valued(.count(try nodes()))
        case "value": return .valued(.value(try nodes()))
        case "length": return .valued(.length(try operand(terms[0].term, at: terms[0].start)))
        default:
            return .logical(
                .matches(
                    try operand(terms[0].term, at: terms[0].start),
                    try pattern(terms[1].term, at: terms[1].start, isWhole: name == "match"),
                    isWhole: name == "match"))
        }
    }

    func pattern(_ term: Term, at start: Int, isWhole: Bool) throws(JSONPathFlaw) -> JSONPath.IRegexp {
        let operand = try operand(term, at: start)
        guard case .literal(.text(let text)) = operand else { return .operand(operand) }
        do {
            return .fixed(try Pattern(iRegexp: text, isWhole: isWhole))
        } catch {
            throw flaw("the regular expression does not compile: \(error.text)", at: start)
        }
    }
}

extension Pattern {
    /// An I-Regexp: the dot matches all but line ends. Source: RFC 9485, 5.
    convenience init(iRegexp: [UInt8], isWhole: Bool) throws(PatternError) {
        var source = ""
        var isEscaped = false
        var isInClass = false
        for scalar in String(decoding: iRegexp, as: UTF8.self).unicodeScalars {
            let isPlain = !isEscaped
            isEscaped = isPlain && scalar == "\\"
            if isPlain, scalar == "[" { isInClass = true }
            if isPlain, scalar == "]" { isInClass = false }
            if isPlain, !isInClass, scalar == "." {
                source += "[^\\n\\r]"
            } else {
                source.unicodeScalars.append(scalar)
            }
        }
        try self.init(SettingText(isWhole ? "\\A(?:" + source + ")\\z" : source))
    }
}
