import Vocabulary
import Yams

/// The YAML parser's errors in words that say what to do.
enum YAMLProblem {
    static func mistake(_ error: YamlError, file: String, scalars: [Unicode.Scalar]) -> Mistake {
        switch error {
        case .scanner(let context, let problem, let mark, _), .parser(let context, let problem, let mark, _),
            .composer(let context, let problem, let mark, _):
            let place = Place(file: file, line: mark.line, column: mark.column)
            if isTab(at: mark, in: scalars) {
                return Mistake(place, "a tab cannot indent YAML; use spaces")
            }
            let opened = context.map { " of line \($0.mark.line)" } ?? ""
            return Mistake(place, words(for: problem, context: context?.text ?? "", opened: opened))
        case .reader(_, let offset, let value, let yaml):
            return Mistake(
                place(ofCharacter: offset ?? 0, in: yaml, file: file),
                "the file holds a control character (code \(max(value, 0))), which YAML does not allow; take it out")
        case .no, .memory, .writer, .emitter, .representer, .dataCouldNotBeDecoded, .duplicatedKeysInMapping:
            return Mistake(Place(file: file, line: 1, column: 1), "the file cannot be read as YAML")
        }
    }

    /// The parser's problem texts (libyaml: scanner.c, parser.c; Yams: Parser.swift) that people run into.
    private static func words(for problem: String, context: String, opened: String) -> String {
        switch problem {
        case "mapping values are not allowed in this context":
            "a \":\" cannot stand here; mend the indentation, or put quotation marks around a text that holds \": \""
        case "could not find expected ':'":
            "this line has no \":\" behind its key; write \"key: value\""
        case "did not find expected key":
            "this line does not fit in here; mend the indentation, or the quotation marks of the line above"
        case "did not find expected '-' indicator":
            "this line does not fit into the list\(opened); begin it with \"- \" or mend the indentation"
        case "did not find expected ',' or ']'":
            "the list in [ ]\(opened) lacks a \",\" or its \"]\""
        case "did not find expected ',' or '}'":
            "the map in { }\(opened) lacks a \",\" or its \"}\""
        case "found unexpected end of stream" where context.contains("quoted"):
            "the quotation mark\(opened) is never closed"
        case "found character that cannot start any token":
            "a value cannot begin with this character; put quotation marks around the text"
        case "did not find expected alphabetic or numeric character":
            "a text that begins with \"*\" or \"&\" needs quotation marks"
        case "did not find expected node content":
            "a value is missing here, or it begins with a character that needs quotation marks"
        case "found unknown escape character":
            "this \"\\\" begins no known escape; inside \"…\" write \"\\\\\", or use '…'"
        case "found undefined alias":
            "this alias has no anchor above it; write \"&name\" where the value stands first"
        case "but found another document":
            "a second document begins here; keep one per file and take the \"---\" out"
        case "block sequence entries are not allowed in this context":
            "a list cannot begin on the line of its key; put \"- \" on the next line"
        case _ where problem.hasPrefix("Maximum nesting level"):
            "the file is nested too deeply"
        default:
            "this is not YAML: \(problem)"
        }
    }

    private static func isTab(at mark: Mark, in scalars: [Unicode.Scalar]) -> Bool {
        guard let index = TextPosition.index(of: mark, in: scalars), index < scalars.count else { return false }
        return scalars[index] == "\t"
    }

    private static func place(ofCharacter offset: Int, in text: String, file: String) -> Place {
        let before = text.prefix(offset).unicodeScalars
        let line = before.count { $0 == "\n" } + 1
        let column = before.reversed().prefix { $0 != "\n" }.count + 1
        return Place(file: file, line: line, column: column)
    }
}
