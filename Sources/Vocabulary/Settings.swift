/// A place in a configuration file; line and column count from 1.
package struct Place: Hashable, Sendable, CustomStringConvertible {
    package let file: String
    package let line: Int
    package let column: Int

    package init(file: String, line: Int, column: Int) {
        self.file = file
        self.line = line
        self.column = column
    }

    package var description: String { "\(file):\(line):\(column)" }
}

/// One thing the user has to mend, with its place: `checks/shop.yaml:12:5: unknown key "timout" …`.
package struct Mistake: Error, Hashable, Sendable, CustomStringConvertible {
    package let place: Place
    package let text: String

    package init(_ place: Place, _ text: String) {
        self.place = place
        self.text = text
    }

    package var description: String { "\(place): \(text)" }
}

/// All the mistakes of one reading, in the order they were found; all are reported at once.
package struct Mistakes: Sendable {
    package private(set) var all: [Mistake] = []
    private var known: Set<Mistake> = []
    package init() {}

    package var isEmpty: Bool { all.isEmpty }
    package mutating func add(_ place: Place, _ text: String) {
        let mistake = Mistake(place, text)
        if known.insert(mistake).inserted { all.append(mistake) }
    }
    package mutating func add(_ others: [Mistake]) { for other in others { add(other.place, other.text) } }
}

/// A text of the configuration: as it stands in the file (shown in every output) and with `${…}` put in (used).
package struct SettingText: Hashable, Sendable {
    package let shown: String
    package let value: String
    /// The contents put in that must never be printed.
    package let secrets: [String]

    package init(shown: String, value: String, secrets: [String] = []) {
        self.shown = shown
        self.value = value
        self.secrets = secrets
    }
    package init(_ text: String) { self.init(shown: text, value: text) }
}

/// A node of the configuration that another stage decodes, with its place and its path of keys (`checks[2].http.url`).
package struct Setting: Hashable, Sendable {
    package let place: Place
    package let path: String
    package let node: Node

    package init(place: Place, path: String, node: Node) {
        self.place = place
        self.path = path
        self.node = node
    }

    package indirect enum Node: Hashable, Sendable {
        case null
        case text(SettingText)
        case list([Setting])
        case map([Entry])
    }

    package struct Entry: Hashable, Sendable {
        package let key: String
        package let place: Place
        package let value: Setting

        package init(key: String, place: Place, value: Setting) {
            self.key = key
            self.place = place
            self.value = value
        }
    }

    package var text: SettingText? {
        if case .text(let text) = node { return text }
        return nil
    }
    /// The entries of a map; nil for any other node.
    package var entries: [Entry]? {
        if case .map(let entries) = node { return entries }
        return nil
    }
    /// The items of a list; a bare value is a list of one; null is an empty one.
    package var items: [Setting] {
        switch node {
        case .list(let items): items
        case .null: []
        case .text, .map: [self]
        }
    }

    /// The texts of a list; a bare text is a list of one. A mistake for each item that is none.
    package func texts(_ mistakes: inout Mistakes) -> [(text: SettingText, place: Place)] {
        items.compactMap { item in
            if let text = item.text { return (text, item.place) }
            mistakes.add(item.place, "\(item.path) must be a text")
            return nil
        }
    }

    /// A text without a place in a file: for what the command line gives.
    package static func text(_ value: String, path: String = "command line") -> Setting {
        Setting(place: Place(file: "command line", line: 1, column: 1), path: path, node: .text(SettingText(value)))
    }
}

/// What one key means: the reference, the schema and the error texts are made of these.
package struct SettingDescription: Hashable, Sendable {
    package let name: String
    package let meaning: String
    package let example: String
    /// The contract has the key, this version has not: using it is a mistake that says so.
    package let isBuilt: Bool

    package init(_ name: String, _ meaning: String, example: String, isBuilt: Bool = true) {
        self.name = name
        self.meaning = meaning
        self.example = example
        self.isBuilt = isBuilt
    }
}
