/// A query over a JSON document, as RFC 9535 has it, read and found well-typed.
struct JSONPath: Sendable {
    /// Longest query, in characters.
    static let lengthMax = 4096
    /// Segments of one query, selectors of one segment, filters and parentheses inside each other.
    static let segmentsMax = 64
    static let selectorsMax = 64
    static let nestingMax = 32

    let text: String
    let segments: [Segment]

    init(_ text: String) throws(JSONPathFlaw) {
        self.text = text
        segments = try JSONPathParser(text).parse()
    }

    struct Segment: Sendable {
        let isDescendant: Bool
        let selectors: [Selector]
    }

    indirect enum Selector: Sendable {
        case name([UInt8])
        case wildcard
        case index(Int)
        case slice(start: Int?, end: Int?, step: Int)
        case filter(Condition)
    }

    /// A query inside a filter. From the node under test (`@`) or from the document (`$`).
    struct Query: Sendable {
        let isRelative: Bool
        let segments: [Segment]

        /// Selects at most one node, whatever the document.
        var isSingular: Bool {
            segments.allSatisfy { segment in
                guard !segment.isDescendant, segment.selectors.count == 1 else { return false }
                switch segment.selectors[0] {
                case .name, .index: return true
                case .wildcard, .slice, .filter: return false
                }
            }
        }
    }

    indirect enum Condition: Sendable {
        case any([Condition])
        case all([Condition])
        case not(Condition)
        case exists(Query)
        case compare(Operand, Comparison, Operand)
        /// `match` (the whole text) or `search`.
        case matches(Operand, IRegexp, isWhole: Bool)
    }

    enum Comparison: String, Sendable {
        case equal = "=="
        case unequal = "!="
        case belowOrEqual = "<="
        case aboveOrEqual = ">="
        case below = "<"
        case above = ">"
    }

    /// What has a value, or nothing.
    indirect enum Operand: Sendable {
        case literal(JSONValue)
        /// Singular.
        case query(Query)
        case length(Operand)
        case count(Query)
        case value(Query)
    }

    /// The pattern of `match` and `search`: written there, or taken from the document.
    enum IRegexp: Sendable {
        case fixed(Pattern)
        /// Written there, and none: nothing matches. Source: RFC 9535, 2.4.6.
        case operand(Operand)
    }
}

/// A value that queries compare.
enum JSONValue: Sendable {
    case nothing
    case null
    case bool(Bool)
    case number(JSONNumber)
    case text([UInt8])
    /// A list or an object, by its place in the document.
    case node(Int)
}

/// Why a text is no query.
struct JSONPathFlaw: Error {
    let text: String
    /// Counts from 1.
    let character: Int
}
