import Vocabulary

/// One question asked of what a JSON path selects in a body.
struct JSONRule: Sendable {
    /// Most questions of one check.
    static let rulesMax = 64
    /// Most bytes of a value that are shown.
    static let seenMax = 100

    enum Question: Sendable {
        /// Any of them.
        case equals([Literal])
        case over(Literal)
        case under(Literal)
        case text(TextRule)
        case exists(Bool)
        case count(ClosedRange<Int>, shown: String)
    }

    /// A value of the configuration, which has only texts: what is JSON there is meant as JSON.
    struct Literal: Sendable {
        let value: JSONValue
        let shown: String

        init(_ text: SettingText) {
            value = Literal.value(text.value)
            shown = text.shown
        }

        /// `true`, `false`, `null`, a number, or a text in double quotation marks; else the text itself.
        private static func value(_ text: String) -> JSONValue {
            let bytes = Array(text.utf8)
            return bytes.withUnsafeBufferPointer { bytes in
                guard let document = try? JSONText(bytes), document.root == 0,
                    !JSONText.isBlank(bytes[bytes.count - 1]),
                    let value = try? JSONSearch(document).value(at: 0)
                else { return .text(Array(bytes)) }
                // Lists and objects would live no longer than the document.
                if case .node = value { return .text(Array(bytes)) }
                return value
            }
        }

        var isNumber: Bool {
            if case .number = value { return true }
            return false
        }
    }

    let path: JSONPath
    let question: Question
    let severity: Severity

    /// `body json $.n over 3`.
    var name: String {
        let asked =
            switch question {
            case .equals(let literals): "equals " + literals.map(\.shown).joined(separator: " or ")
            case .over(let literal): "over \(literal.shown)"
            case .under(let literal): "under \(literal.shown)"
            case .text(let rule): rule.name
            case .exists(let isThere): "exists \(isThere)"
            case .count(_, let shown): "count \(shown)"
            }
        return "body json \(path.text) \(asked)"
    }

    /// How it is answered: every selected value must meet it, and there must be one. A document that cannot be asked
    /// meets nothing. `seen`: the value that decided, as it stands in the body.
    func answer(_ search: Result<JSONSearch, JSONFlaw>) -> (isMet: Bool, seen: String) {
        do throws(JSONFlaw) {
            return try ask(try search.get())
        } catch {
            return (false, error.text)
        }
    }

    private func ask(_ search: JSONSearch) throws(JSONFlaw) -> (isMet: Bool, seen: String) {
        var count = 0
        var decisive: Int?
        var isMet = true
        _ = try search.forEach(path) { (node) throws(JSONFlaw) in
            count += 1
            if decisive == nil { decisive = node }
            switch question {
            case .exists: return false
            case .count(let range, _): return count <= range.upperBound
            default: break
            }
            isMet = try holds(node, search)
            if !isMet { decisive = node }
            return isMet
        }
        let seen =
            if let decisive { try search.shown(decisive, bytesMax: JSONRule.seenMax) } else { "nothing there" }
        switch question {
        case .exists(let isThere): return ((count > 0) == isThere, seen)
        case .count(let range, _): return (range.contains(count), count > range.upperBound ? "more" : "\(count)")
        case .text(let rule) where rule.isOfAbsence: return (isMet, seen)
        default: return (isMet && count > 0, seen)
        }
    }

    private func holds(_ node: Int, _ search: JSONSearch) throws(JSONFlaw) -> Bool {
        let value = try search.value(at: node)
        switch question {
        case .exists, .count: return true
        case .equals(let literals):
            for literal in literals {
                if try search.compare(value, .equal, literal.value) { return true }
            }
            return false
        case .over(let literal): return try search.compare(value, .above, literal.value)
        case .under(let literal): return try search.compare(value, .below, literal.value)
        case .text(let rule): return try holds(rule, value, search)
        }
    }

    /// A list contains a text when one of its elements is it.
    private func holds(_ rule: TextRule, _ value: JSONValue, _ search: JSONSearch) throws(JSONFlaw) -> Bool {
        switch (rule, value) {
        case (_, .text(let text)): return rule.isMet(text)
        case (.contains(let wanted), .node(let list)): return try search.contains(list, Literal(wanted).value)
        case (.notContains(let unwanted), .node(let list)):
            return try !search.contains(list, Literal(unwanted).value)
        default: return rule.isOfAbsence
        }
    }
}

extension JSONSearch {
    /// An element of the list equals `wanted`; never of an object.
    func contains(_ list: Int, _ wanted: JSONValue) throws(JSONFlaw) -> Bool {
        guard text.kind(of: list) == .list else { return false }
        return try !text.forEachChild(of: list) { (_, child) throws(JSONFlaw) in
            try !compare(try value(at: child), .equal, wanted)
        }
    }

    /// The value as it stands in the document, cut.
    func shown(_ node: Int, bytesMax: Int) throws(JSONFlaw) -> String {
        let end = try text.end(of: node)
        let shown = String(decoding: text.bytes[node..<min(end, node + bytesMax)], as: UTF8.self)
        return end - node > bytesMax ? shown + "…" : shown
    }
}
