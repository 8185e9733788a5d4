import Vocabulary
import Yams

/// Turns the YAML nodes of one file into settings: aliases and merge keys taken in, references put in, places and
/// paths kept.
struct SettingTree {
    /// Deeper than any key of Sonde.
    static let depthMax = 40
    /// Aliases may make a file this many values larger than it is written.
    static let aliasedValuesMax = 100_000
    private static let knownTags = Set([Tag.Name.implicit, .nonSpecific, .str, .seq, .map].map(\.rawValue))

    private let file: String
    private let references: References
    private let renamedKeys: [YAMLText.KeyPlace: Unicode.Scalar]
    private var valuesLeft: Int
    private var isStopped = false

    /// `length`: of the file in bytes; no file has more values than bytes.
    init(file: String, length: Int, references: References, renamedKeys: [YAMLText.KeyPlace: Unicode.Scalar]) {
        self.file = file
        self.references = references
        self.renamedKeys = renamedKeys
        valuesLeft = length + Self.aliasedValuesMax
    }

    /// The file's map of top-level keys; nil, with a mistake, when it is anything else.
    mutating func root(_ node: Node?, _ mistakes: inout Mistakes) -> Setting? {
        guard let node, !isNull(node) else {
            mistakes.add(
                Place(file: file, line: 1, column: 1),
                "the file is empty; write at least \"checks:\" and a check into it")
            return nil
        }
        guard node.mapping != nil else {
            let what = node.sequence == nil ? "a text" : "a list"
            mistakes.add(place(of: node), "the file is \(what); it must be a map of keys such as \"checks:\"")
            return nil
        }
        return setting(node, path: "", depth: 0, &mistakes)
    }

    private mutating func setting(_ node: Node, path: String, depth: Int, _ mistakes: inout Mistakes) -> Setting {
        let place = place(of: node)
        guard take(at: place, path: path, depth: depth, &mistakes) else {
            return Setting(place: place, path: path, node: .null)
        }
        checkTag(node, at: place, path: path, &mistakes)
        switch node {
        case .scalar(let scalar):
            if isNull(node) { return Setting(place: place, path: path, node: .null) }
            // What stands under `x-` keys is used, if at all, through an alias, and filled there.
            let text =
                path.hasPrefix("x-")
                ? SettingText(scalar.string)
                : references.fill(scalar.string, at: place, path: path, &mistakes)
            return Setting(place: place, path: path, node: .text(text))
        case .sequence(let sequence):
            var items: [Setting] = []
            for (index, item) in sequence.enumerated() {
                items.append(setting(item, path: "\(path)[\(index)]", depth: depth + 1, &mistakes))
            }
            return Setting(place: place, path: path, node: .list(items))
        case .mapping(let mapping):
            let entries = entries(of: mapping, path: path, depth: depth, &mistakes)
            return Setting(place: place, path: path, node: .map(entries))
        case .alias:
            // The parser has put the aliased node in its place; this case is for emitting.
            return Setting(place: place, path: path, node: .null)
        }
    }

    /// A map's own entries, then those that merge keys (`<<`) bring and it has not: of several the first wins.
    private mutating func entries(
        of mapping: Node.Mapping, path: String, depth: Int, _ mistakes: inout Mistakes
    ) -> [Setting.Entry] {
        var entries: [Setting.Entry] = []
        var places: [String: Place] = [:]
        var merged: [Setting.Entry] = []
        for (keyNode, valueNode) in mapping {
            let keyPlace = place(of: keyNode)
            guard let key = keyText(keyNode) else {
                mistakes.add(keyPlace, "a key must be a plain text")
                continue
            }
            if let first = places[key] {
                mistakes.add(keyPlace, "duplicate key \"\(key)\"; it stands already at line \(first.line) of this map")
                continue
            }
            places[key] = keyPlace
            if key == "<<", keyNode.scalar?.style == .plain {
                merged += mergedEntries(valueNode, path: path, depth: depth, &mistakes)
                continue
            }
            let valuePath = path.isEmpty ? key : "\(path).\(key)"
            let value = setting(valueNode, path: valuePath, depth: depth + 1, &mistakes)
            entries.append(Setting.Entry(key: key, place: keyPlace, value: value))
        }
        for entry in merged where places[entry.key] == nil {
            places[entry.key] = entry.place
            entries.append(entry)
        }
        return entries
    }

    private mutating func mergedEntries(
        _ node: Node, path: String, depth: Int, _ mistakes: inout Mistakes
    ) -> [Setting.Entry] {
        guard take(at: place(of: node), path: path, depth: depth, &mistakes) else { return [] }
        let sources = node.sequence.map { Array($0) } ?? [node]
        var merged: [Setting.Entry] = []
        for source in sources {
            if let mapping = source.mapping {
                merged += entries(of: mapping, path: path, depth: depth + 1, &mistakes)
            } else {
                mistakes.add(place(of: source), "\"<<\" takes a map, such as the alias *base, or a list of maps")
            }
        }
        return merged
    }

    /// Counts one value; false, with one mistake for the whole file, when there are too many or it stands too deep.
    private mutating func take(at place: Place, path: String, depth: Int, _ mistakes: inout Mistakes) -> Bool {
        guard !isStopped else { return false }
        valuesLeft -= 1
        if depth > Self.depthMax {
            mistakes.add(place, "values are nested more than \(Self.depthMax) levels deep here")
            isStopped = true
        } else if valuesLeft < 0 {
            mistakes.add(
                Place(file: file, line: 1, column: 1),
                "the aliases of this file make it more than \(Self.aliasedValuesMax) values larger than it is written")
            isStopped = true
        }
        return !isStopped
    }

    private func checkTag(_ node: Node, at place: Place, path: String, _ mistakes: inout Mistakes) {
        let tag = node.tag.description
        if !Self.knownTags.contains(tag) {
            let shown = tag.hasPrefix("tag:yaml.org,2002:") ? "!!" + tag.dropFirst("tag:yaml.org,2002:".count) : tag
            mistakes.add(place, "\(path.isEmpty ? "the file" : path) has the YAML tag \(shown); take it out")
        }
    }

    private func keyText(_ node: Node) -> String? {
        guard let scalar = node.scalar, let mark = scalar.mark else { return nil }
        guard let original = renamedKeys[YAMLText.KeyPlace(mark)] else { return scalar.string }
        var key = String(String.UnicodeScalarView([original]))
        key.unicodeScalars.append(contentsOf: scalar.string.unicodeScalars.dropFirst())
        return key
    }

    private func isNull(_ node: Node) -> Bool {
        guard let scalar = node.scalar else { return false }
        return scalar.string.isEmpty && scalar.style == .plain
    }

    private func place(of node: Node) -> Place {
        Place(file: file, line: node.mark?.line ?? 1, column: node.mark?.column ?? 1)
    }
}
