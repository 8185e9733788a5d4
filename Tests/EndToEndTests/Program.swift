import Foundation
import Testing

/// The built `sonde`, run as people run it.
struct Program {
    /// Beside the test bundle.
    static let path: String = {
        let bundle = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? ""
        return (bundle as NSString).deletingLastPathComponent + "/sonde"
    }()

    struct Ending {
        let code: Int32
        let output: String
        let errors: String

        /// The figures, read as JSON.
        func json() throws -> [String: Any] {
            try #require(try JSONSerialization.jsonObject(with: Data(output.utf8)) as? [String: Any])
        }
    }

    /// Runs it to its end, in `folder`.
    static func run(_ arguments: [String], in folder: String, environment: [String: String] = [:]) throws -> Ending {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: path)
        process.arguments = arguments
        process.currentDirectoryURL = URL(fileURLWithPath: folder)
        process.environment = ProcessInfo.processInfo.environment.merging(
            ["COLUMNS": "100", "LC_ALL": "C.UTF-8"].merging(environment) { $1 }
        ) { $1 }
        // Files, not pipes: what is printed may be longer than a pipe holds.
        let output = folder + "/.output-\(UUID().uuidString)"
        let errors = output + "-errors"
        process.standardOutput = try newFile(output)
        process.standardError = try newFile(errors)
        process.standardInput = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        return Ending(
            code: process.terminationStatus, output: try String(contentsOfFile: output, encoding: .utf8),
            errors: try String(contentsOfFile: errors, encoding: .utf8))
    }

    /// Starts the daemon; whoever calls ends it.
    static func start(_ arguments: [String], in folder: String) throws -> Process {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: path)
        process.arguments = arguments
        process.currentDirectoryURL = URL(fileURLWithPath: folder)
        process.standardOutput = FileHandle.nullDevice
        process.standardError = try newFile(folder + "/log-\(UUID().uuidString)")
        process.standardInput = FileHandle.nullDevice
        try process.run()
        return process
    }

    private static func newFile(_ path: String) throws -> FileHandle {
        try Data().write(to: URL(fileURLWithPath: path))
        return try FileHandle(forWritingTo: URL(fileURLWithPath: path))
    }
}

/// Looks again and again, with a rest between, until `condition` holds; false after `seconds`.
func eventually(within seconds: Double, _ condition: () throws -> Bool) rethrows -> Bool {
    let end = Date().addingTimeInterval(seconds)
    while Date() < end {
        if try condition() { return true }
        poll(nil, 0, 50)
    }
    return try condition()
}
