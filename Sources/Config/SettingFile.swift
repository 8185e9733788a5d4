import Vocabulary

/// A YAML file that is no configuration, read by the same rules: aliases, references, places.
package enum SettingFile {
    /// The map of its top-level keys; nil, with mistakes, when it cannot be read.
    package static func read(
        path: String, environment: [String: String], _ mistakes: inout Mistakes
    ) -> Setting? {
        do {
            let bytes = try FileText.bytes(of: path, bytesMax: FileText.configurationBytesMax)
            guard let text = DecodedText.decode(bytes, file: path, &mistakes),
                let yaml = YAMLText.parse(text, file: path, &mistakes)
            else { return nil }
            var tree = SettingTree(
                file: path, length: text.utf8.count, references: References(environment: environment, file: path),
                renamedKeys: yaml.renamedKeys)
            return tree.root(yaml.root, &mistakes)
        } catch {
            mistakes.add(Place(file: path, line: 1, column: 1), "cannot read the file: \(error.why)")
            return nil
        }
    }

    /// `name` as it is seen from the folder of `file`.
    package static func resolve(_ name: String, beside file: String) -> String { PathText.resolve(name, beside: file) }
}
