import Vocabulary

/// One file of the configuration: its path as messages show it, and its top-level map.
struct ConfigFile {
    let path: String
    let root: Setting
    let isMain: Bool
}

/// Reads the main file and, in the order they stand, the files it includes.
struct ConfigFiles {
    static let filesMax = 20_000
    static let includeDepthMax = 8

    private(set) var files: [ConfigFile] = []
    /// Every path tried, in the order read.
    private(set) var paths: [String] = []
    /// Every file was read: only then is a name that nobody declares a mistake of its own.
    private(set) var isComplete = true
    private let environment: [String: String]
    /// Where each file was taken in, by its path without links.
    private var origins: [String: Place] = [:]

    init(environment: [String: String]) { self.environment = environment }

    mutating func readMain(_ path: String, _ mistakes: inout Mistakes) {
        paths.append(path)
        do {
            let bytes = try FileText.bytes(of: path, bytesMax: FileText.configurationBytesMax)
            guard let text = DecodedText.decode(bytes, file: path, &mistakes) else { return }
            take(text, path: path, ancestors: [], &mistakes)
        } catch {
            mistakes.add(
                Place(file: path, line: 1, column: 1),
                "cannot read the configuration: \(error.why); `sonde init` writes one to start from")
        }
    }

    mutating func readMain(text: String, path: String, _ mistakes: inout Mistakes) {
        paths.append(path)
        guard let text = DecodedText.decode(Array(text.utf8), file: path, &mistakes) else { return }
        take(text, path: path, ancestors: [], &mistakes)
    }

    /// `ancestors`: the files, without links, through whose includes `path` is read.
    private mutating func take(_ text: String, path: String, ancestors: [String], _ mistakes: inout Mistakes) {
        guard let yaml = YAMLText.parse(text, file: path, &mistakes) else {
            isComplete = false
            return
        }
        let references = References(environment: environment, file: path)
        var tree = SettingTree(
            file: path, length: text.utf8.count, references: references, renamedKeys: yaml.renamedKeys)
        guard let root = tree.root(yaml.root, &mistakes) else {
            isComplete = false
            return
        }
        files.append(ConfigFile(path: path, root: root, isMain: ancestors.isEmpty))
        let identity = realPath(path) ?? path
        if origins[identity] == nil { origins[identity] = root.place }
        guard let include = root.entries?.first(where: { $0.key == "include" })?.value else { return }
        for item in include.items {
            guard let pattern = item.text, !pattern.value.isEmpty else {
                mistakes.add(item.place, "\(item.path) must be a path or a pattern of paths")
                continue
            }
            takeAll(pattern, at: item.place, from: path, ancestors: ancestors + [identity], &mistakes)
        }
    }

    private mutating func takeAll(
        _ pattern: SettingText, at place: Place, from file: String, ancestors: [String], _ mistakes: inout Mistakes
    ) {
        guard ancestors.count <= Self.includeDepthMax else {
            mistakes.add(place, "files include each other more than \(Self.includeDepthMax) levels deep here")
            return
        }
        let matches = Glob.paths(pattern.value, beside: file)
        if matches.isEmpty {
            isComplete = false
            mistakes.add(place, "include \"\(pattern.shown)\" matches no file")
        }
        for path in matches {
            let identity = realPath(path) ?? path
            if ancestors.contains(identity) {
                mistakes.add(
                    place,
                    "include \"\(pattern.shown)\" leads back to \(path); a file cannot include itself, directly or "
                        + "through others")
            } else if let origin = origins[identity] {
                mistakes.add(
                    place,
                    "include \"\(pattern.shown)\" takes in \(path), which is included already at "
                        + "\(origin.file):\(origin.line)")
            } else if paths.count >= Self.filesMax {
                mistakes.add(place, "the configuration includes more than \(Self.filesMax) files")
                return
            } else {
                origins[identity] = place
                takeIncluded(path, at: place, ancestors: ancestors, &mistakes)
            }
        }
    }

    private mutating func takeIncluded(
        _ path: String, at place: Place, ancestors: [String], _ mistakes: inout Mistakes
    ) {
        paths.append(path)
        do {
            let bytes = try FileText.bytes(of: path, bytesMax: FileText.configurationBytesMax)
            guard let text = DecodedText.decode(bytes, file: path, &mistakes) else {
                isComplete = false
                return
            }
            take(text, path: path, ancestors: ancestors, &mistakes)
        } catch {
            isComplete = false
            mistakes.add(place, "cannot read the included file \(path): \(error.why)")
        }
    }
}
