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
            ["COLUMNS": "100", "LC_ALL": "C.UTF-8"].merging(environment) { $1 }) { $1 }
        // Files, not pipes: what is printed may be longer than a pipe holds.
        let output = folder + "/.output-\(UUID().uuidString)"
        let errors = output + "-errors"
        FileManager.default.createFile(atPath: output, contents: nil)
        FileManager.default.createFile(atPath: errors, contents: nil)
        process.standardOutput = try #require(FileHandle(forWritingAtPath: output))
        process.standardError = try #require(FileHandle(forWritingAtPath: errors))
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
        let log = folder + "/log-\(UUID().uuidString)"
        FileManager.default.createFile(atPath: log, contents: nil)
        process.standardOutput = FileHandle.nullDevice
        process.standardError = try #require(FileHandle(forWritingAtPath: log))
        process.standardInput = FileHandle.nullDevice
        try process.run()
        return process
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
