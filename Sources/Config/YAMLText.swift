import Vocabulary
import Yams

/// One file's text as YAML nodes with their places.
struct YAMLText {
    /// nil: the file holds no value at all.
    let root: Node?
    /// Keys that were made unlike their twins, by place: the character that stood first in each.
    let renamedKeys: [KeyPlace: Unicode.Scalar]

    struct KeyPlace: Hashable {
        let line: Int
        let column: Int
        init(_ mark: Mark) {
            line = mark.line
            column = mark.column
        }
    }

    /// Yams stops at the first map with two equal keys. So that the other mistakes are still found, the first of the
    /// twins gets another first character (from the private use area, where no key starts) and the file is read again.
    static let renamedKeysMax = 100
    private static let firstPrivateScalar: UInt32 = 0xe000

    /// Reads `text`; a mistake of syntax is added with its place, and nil given back.
    static func parse(_ text: String, file: String, _ mistakes: inout Mistakes) -> YAMLText? {
        var current = text
        var renamed: [KeyPlace: Unicode.Scalar] = [:]
        while true {
            do {
                guard try AliasKeys.areAbsent(in: current, file: file, &mistakes) else { return nil }
                let node = try Yams.compose(yaml: current, .basic, .default, .utf8)
                return YAMLText(root: node, renamedKeys: renamed)
            } catch YamlError.duplicatedKeysInMapping(let keys, let context) {
                let place = KeyPlace(context.mark)
                var scalars = Array(current.unicodeScalars)
                guard renamed.count < renamedKeysMax, renamed[place] == nil,
                    let index = firstCharacter(ofAnyOf: keys, at: context.mark, in: scalars),
                    let substitute = Unicode.Scalar(firstPrivateScalar + UInt32(renamed.count))
                else {
                    let key = keys.min() ?? ""
                    mistakes.add(
                        Place(file: file, line: max(place.line, 1), column: max(place.column, 1)),
                        "duplicate key \"\(key)\"; it stands again further down in the same map")
                    return nil
                }
                renamed[place] = scalars[index]
                scalars[index] = substitute
                current = String(String.UnicodeScalarView(scalars))
            } catch let error as YamlError {
                mistakes.add([YAMLProblem.mistake(error, file: file, scalars: Array(current.unicodeScalars))])
                for place in renamed.keys {
                    mistakes.add(
                        Place(file: file, line: place.line, column: place.column),
                        "this key stands again further down in the same map")
                }
                return nil
            } catch {
                mistakes.add(Place(file: file, line: 1, column: 1), "the file cannot be read as YAML: \(error)")
                return nil
            }
        }
    }

    /// Where in `scalars` the key at `mark` begins, behind a quotation mark; nil when none of `keys` stands there.
    private static func firstCharacter(
        ofAnyOf keys: [String], at mark: Mark, in scalars: [Unicode.Scalar]
    ) -> Int? {
        guard var index = TextPosition.index(of: mark, in: scalars), index < scalars.count else { return nil }
        if scalars[index] == "\"" || scalars[index] == "'" { index += 1 }
        guard index < scalars.count else { return nil }
        let first = scalars[index]
        return keys.contains { $0.unicodeScalars.first == first } ? index : nil
    }
}

/// Line and column (from 1, columns in Unicode scalars) and the index of a scalar, each from the other.
enum TextPosition {
    /// nil when the text has no such line or the mark is none.
    static func index(of mark: Mark, in scalars: [Unicode.Scalar]) -> Int? {
        guard mark.line >= 1, mark.column >= 1 else { return nil }
        var line = 1
        var lineStart = 0
        while line < mark.line {
            guard let end = scalars[lineStart...].firstIndex(where: { $0 == "\n" }) else { return nil }
            lineStart = end + 1
            line += 1
        }
        return lineStart + mark.column - 1
    }
}
