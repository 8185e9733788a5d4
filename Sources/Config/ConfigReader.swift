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
        var draft: Plan?
        // Where the main file could not be read, everything in the others would look wrong.
        if let main = files.files.first, main.isMain {
            let builder = PlanBuilder(
                kinds: kinds, channelKinds: channelKinds, environment: environment, main: main, files: files.files,
                isComplete: files.isComplete)
            draft = builder.plan(&mistakes, &warnings)
        }
        let isGood = mistakes.isEmpty
        let reading = ConfigReading(
            plan: isGood ? draft : nil, draft: draft.map { $0.trusted(mistakes) }, mistakes: mistakes,
            files: files.paths, warnings: isGood ? warnings : [])
        return isGood ? reading : reading.inOrder()
    }
}
