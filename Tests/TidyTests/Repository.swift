import Foundation

/// The checkout these tests stand in.
enum Repository {
    static let root = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().path

    struct Source {
        /// The target's folder: `Probing`.
        let target: String
        /// `Sources/Probing/Reactor.swift`.
        let path: String
        let lines: [String]
    }

    /// Every Swift file under `Sources`.
    static func sources() throws -> [Source] {
        let manager = FileManager.default
        var sources: [Source] = []
        for target in try manager.contentsOfDirectory(atPath: root + "/Sources").sorted() {
            for file in try manager.contentsOfDirectory(atPath: root + "/Sources/\(target)").sorted()
            where file.hasSuffix(".swift") {
                let path = "Sources/\(target)/\(file)"
                sources.append(Source(target: target, path: path, lines: try lines(path)))
            }
        }
        return sources
    }

    static func lines(_ path: String) throws -> [String] {
        try String(contentsOfFile: root + "/" + path, encoding: .utf8).components(separatedBy: "\n")
    }
}
