import Glibc

/// Patterns of paths with `*`, `?` and `[…]`.
enum Glob {
    /// The files that `pattern`, seen from the folder of `file`, matches, in the order of their bytes.
    static func paths(_ pattern: String, beside file: String) -> [String] {
        // The folder is no pattern, whatever characters are in its name.
        let folder = pattern.hasPrefix("/") ? "" : PathText.folder(of: file)
        var escapedFolder = ""
        for character in folder {
            if "*?[\\".contains(character) { escapedFolder += "\\" }
            escapedFolder.append(character)
        }
        var result = glob_t()
        defer { globfree(&result) }
        guard glob(escapedFolder + pattern, 0, nil, &result) == 0, let matches = result.gl_pathv else { return [] }
        return (0..<Int(result.gl_pathc)).compactMap { matches[$0].map { String(cString: $0) } }
    }
}
