import Vocabulary

/// Paths in the configuration are relative to the file they stand in.
enum FilePath {
    static func resolve(_ path: String, beside place: Place) -> String {
        guard !path.hasPrefix("/"), let slash = place.file.lastIndex(of: "/") else { return path }
        return place.file[...slash] + path
    }
}
