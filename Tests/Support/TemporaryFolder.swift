import Foundation

/// A folder of the test's own, gone when the value is released.
package final class TemporaryFolder: Sendable {
    package let path: String

    package init() throws {
        path = NSTemporaryDirectory() + "sonde-test-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }  // a left-over folder in /tmp harms nobody

    /// The path of a file in it; `text` is written there when given.
    package func file(_ name: String, _ text: String? = nil) throws -> String {
        let file = path + "/" + name
        if let text {
            let folder = (file as NSString).deletingLastPathComponent
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
            try text.write(toFile: file, atomically: true, encoding: .utf8)
        }
        return file
    }
}
