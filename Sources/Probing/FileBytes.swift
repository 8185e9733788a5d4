import Glibc
import Vocabulary

/// Small files that settings name.
enum FileBytes {
    /// `path` as a setting at `place` means it: relative to the folder of the file it stands in.
    static func path(_ path: String, at place: Place) -> String {
        guard !path.hasPrefix("/"), let slash = place.file.lastIndex(of: "/") else { return path }
        return place.file[...slash] + path
    }

    /// The whole file; refused past `limit` bytes.
    static func read(_ path: String, limit: Int) throws(FileError) -> [UInt8] {
        let file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard file >= 0 else { throw FileError(text: SystemError.text(errno)) }
        defer { close(file) }
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = Glibc.read(file, &chunk, chunk.count)
            if count < 0 { throw FileError(text: SystemError.text(errno)) }
            if count == 0 { return bytes }
            bytes += chunk[..<count]
            if bytes.count > limit { throw FileError(text: "it has more than \(limit) bytes") }
        }
    }
}

/// Why a file that a setting names cannot be used, in words.
struct FileError: Error {
    let text: String
}
