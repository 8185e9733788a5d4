import Vocabulary

/// A piece of configuration as a test writes it: texts, lists and maps. Booleans and numbers are texts, as in the file.
indirect enum SettingLiteral: Sendable {
    case text(SettingText)
    case list([SettingLiteral])
    case map([(key: String, value: SettingLiteral)])

    /// A text into which `${…}` put a secret: `shown` stands in the file.
    static func secret(_ value: String, shown: String, secrets: [String]) -> SettingLiteral {
        .text(SettingText(shown: shown, value: value, secrets: secrets))
    }

    static func text(_ value: String) -> SettingLiteral { .text(SettingText(value)) }

    /// As if each key and each item stood on a line of its own, indented by two spaces a level.
    func setting(path: String, file: String = "test.yaml") -> Setting {
        var line = 1
        return setting(path: path, file: file, line: &line, column: 1)
    }

    private func setting(path: String, file: String, line: inout Int, column: Int) -> Setting {
        let place = Place(file: file, line: line, column: column)
        switch self {
        case .text(let text):
            return Setting(place: place, path: path, node: .text(text))
        case .list(let items):
            let settings = items.enumerated().map { index, item in
                line += 1
                return item.setting(path: "\(path)[\(index)]", file: file, line: &line, column: column + 2)
            }
            return Setting(place: place, path: path, node: .list(settings))
        case .map(let members):
            let entries = members.map { member in
                line += 1
                let entryPlace = Place(file: file, line: line, column: column + 2)
                let value = member.value.setting(
                    path: "\(path).\(member.key)", file: file, line: &line, column: column + 2)
                return Setting.Entry(key: member.key, place: entryPlace, value: value)
            }
            return Setting(place: place, path: path, node: .map(entries))
        }
    }
}

extension SettingLiteral: ExpressibleByStringInterpolation, ExpressibleByBooleanLiteral, ExpressibleByIntegerLiteral,
    ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral
{
    init(stringLiteral value: String) { self = .text(value) }
    init(booleanLiteral value: Bool) { self = .text("\(value)") }
    init(integerLiteral value: Int) { self = .text("\(value)") }
    init(arrayLiteral elements: SettingLiteral...) { self = .list(elements) }
    init(dictionaryLiteral elements: (String, SettingLiteral)...) {
        self = .map(elements.map { (key: $0.0, value: $0.1) })
    }
}
