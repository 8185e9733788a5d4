// In: the text of sonde.yaml and of the files it includes; the environment's variables.
// Out: a `Plan`, or every mistake at once with file, line and column.
// Must never: know what a probe kind or a channel means, give a plan beside a mistake, or ignore a key.

import Vocabulary

/// A probe kind as Config knows it.
package struct KindName: Hashable, Sendable {
    /// The key in a check: `http`.
    package let name: String
    /// The setting that a bare text stands for: `http: https://…` is `http: {url: https://…}`.
    package let shortKey: String

    package init(name: String, shortKey: String) {
        self.name = name
        self.shortKey = shortKey
    }
}

/// What a reading gives.
package struct ConfigReading: Sendable {
    /// nil exactly when there is any mistake.
    package let plan: Plan?
    /// By file in the order read, then line, then column.
    package let mistakes: Mistakes
    /// Paths of the files, in the order read; the main file is the first.
    package let files: [String]
    /// One sentence each, with its place: allowed, and hardly meant.
    package let warnings: [String]
}

/// Reads configurations.
package struct ConfigReader: Sendable {
    private let kinds: [KindName]
    private let channelKinds: [String]
    private let environment: [String: String]

    /// `kinds` and `channelKinds`: what checks and channels may be of. `environment`: for `${NAME}`, and `TZ`.
    package init(kinds: [KindName], channelKinds: [String], environment: [String: String]) {
        self.kinds = kinds
        self.channelKinds = channelKinds
        self.environment = environment
    }

    /// Reads the file and what it includes. Paths in messages are as seen from where `path` was given.
    package func read(path: String) -> ConfigReading {
        var mistakes = Mistakes()
        var files = ConfigFiles(environment: environment)
        files.readMain(path, &mistakes)
        return reading(of: files, mistakes)
    }

    /// As if `text` stood in the file `path`.
    package func read(text: String, path: String) -> ConfigReading {
        var mistakes = Mistakes()
        var files = ConfigFiles(environment: environment)
        files.readMain(text: text, path: path, &mistakes)
        return reading(of: files, mistakes)
    }

    private func reading(of files: ConfigFiles, _ found: Mistakes) -> ConfigReading {
        var mistakes = found
        var warnings: [String] = []
        var plan: Plan?
        // Where the main file could not be read, everything in the others would look wrong.
        if let main = files.files.first, main.isMain {
            let builder = PlanBuilder(
                kinds: kinds, channelKinds: channelKinds, environment: environment, main: main, files: files.files,
                isComplete: files.isComplete)
            plan = builder.plan(&mistakes, &warnings)
        }
        return ConfigReading(
            plan: mistakes.isEmpty ? plan : nil, mistakes: sorted(mistakes, files: files.paths), files: files.paths,
            warnings: mistakes.isEmpty ? warnings : [])
    }

    private func sorted(_ mistakes: Mistakes, files: [String]) -> Mistakes {
        var order: [String: Int] = [:]
        for (index, path) in files.enumerated() where order[path] == nil { order[path] = index }
        func key(_ index: Int) -> (Int, Int, Int, Int) {
            let place = mistakes.all[index].place
            return (order[place.file] ?? files.count, place.line, place.column, index)
        }
        var sorted = Mistakes()
        for index in mistakes.all.indices.sorted(by: { key($0) < key($1) }) {
            let mistake = mistakes.all[index]
            sorted.add(mistake.place, printable(mistake.text))
        }
        return sorted
    }

    /// Messages quote the file: what a terminal would obey is written out, what has no end is cut.
    private func printable(_ text: String) -> String {
        let isPlain = text.unicodeScalars.allSatisfy { $0.value >= 0x20 && $0.value < 0x7f || $0.value >= 0xa0 }
        return isPlain && text.unicodeScalars.count <= 600 ? text : escaped(text, limit: 600)
    }
}
