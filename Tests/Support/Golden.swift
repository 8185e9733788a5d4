import Foundation
import Testing

/// Holds `actual` against the file `name` in the folder `Golden` beside the calling test.
/// With SONDE_GOLDEN=rewrite (`make golden`) the file is written anew instead.
package func expectGolden(
    _ actual: String, _ name: String, test: StaticString = #filePath, sourceLocation: SourceLocation = #_sourceLocation
) throws {
    let folder = URL(fileURLWithPath: "\(test)").deletingLastPathComponent().appendingPathComponent("Golden")
    let file = folder.appendingPathComponent(name)
    if ProcessInfo.processInfo.environment["SONDE_GOLDEN"] == "rewrite" {
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        try actual.write(to: file, atomically: true, encoding: .utf8)
        return
    }
    let expected = try? String(contentsOf: file, encoding: .utf8)  // missing: nil, and the expectation says so
    #expect(actual == expected, "differs from \(name); `make golden` rewrites it", sourceLocation: sourceLocation)
}
