import Foundation
import Glibc

/// A program as the test's child: a real server, ended when released, or a tool that is waited for.
package final class ChildProgram: Sendable {
    package struct Failure: Error, CustomStringConvertible {
        package let description: String
    }

    /// A run that was killed could not end its children; this does.
    private static let lifeSecondsMax = 300
    /// Longest wait for a server to listen.
    private static let startSecondsMax = 60

    private let process: pid_t
    private let logFile: String

    /// What it said so far; for the message of a failing test.
    package var log: String {
        String(decoding: (try? Data(contentsOf: URL(fileURLWithPath: logFile))) ?? Data(), as: UTF8.self)
    }

    /// Returns once `port` of 127.0.0.1 takes connections. `folder` is its working directory and takes its log.
    package init(_ arguments: [String], in folder: String, listeningOn port: Int) throws {
        logFile = folder + "/" + UUID().uuidString + ".log"
        process = try ChildProgram.spawn(
            ["timeout", "-k", "1", "\(ChildProgram.lifeSecondsMax)"] + arguments, in: folder, log: logFile)
        let end = ContinuousClock.now + .seconds(ChildProgram.startSecondsMax)
        while !ChildProgram.listens(port) {
            // The kernel has no event for "somebody listens": asks again, and gives up when the program has ended.
            guard ContinuousClock.now < end, waitpid(process, nil, WNOHANG) == 0 else {
                throw Failure(description: "\(arguments) does not listen:\n\(log)")
            }
            usleep(10_000)
        }
    }

    deinit {
        kill(process, SIGTERM)
        waitpid(process, nil, 0)
    }

    /// Runs a tool to its end; fails unless it says 0. Gives back what it wrote.
    @discardableResult
    package static func run(_ arguments: [String], in folder: String) throws -> String {
        let log = folder + "/" + UUID().uuidString + ".log"
        let process = try spawn(arguments, in: folder, log: log)
        var status: Int32 = 0
        waitpid(process, &status, 0)
        let said = String(decoding: (try? Data(contentsOf: URL(fileURLWithPath: log))) ?? Data(), as: UTF8.self)
        guard status == 0 else { throw Failure(description: "\(arguments): \(status)\n\(said)") }
        return said
    }

    /// A port of 127.0.0.1 that nobody listens on, below those the kernel gives out by itself.
    package static func freePort() throws -> Int {
        for _ in 0..<1000 {
            let port = Int.random(in: 20_000..<32_000)
            let socket = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
            defer { close(socket) }
            if withAddress(port, { bind(socket, $0, $1) }) == 0 { return port }
        }
        throw Failure(description: "no free port")
    }

    private static func listens(_ port: Int) -> Bool {
        let socket = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        defer { close(socket) }
        return withAddress(port) { connect(socket, $0, $1) } == 0
    }

    private static func withAddress(_ port: Int, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Int32) -> Int32 {
        var name = sockaddr_in()
        name.sin_family = sa_family_t(AF_INET)
        name.sin_port = in_port_t(port).bigEndian
        inet_pton(AF_INET, "127.0.0.1", &name.sin_addr)
        return withUnsafePointer(to: name) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                body($0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
    }

    private static func spawn(_ arguments: [String], in folder: String, log: String) throws -> pid_t {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        posix_spawn_file_actions_addopen(&actions, 1, log, O_WRONLY | O_CREAT | O_APPEND, 0o644)
        posix_spawn_file_actions_adddup2(&actions, 1, 2)
        // A thread of a pool blocks signals, and its children would start deaf to SIGTERM.
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var blocked = sigset_t()
        sigemptyset(&blocked)
        posix_spawnattr_setsigmask(&attributes, &blocked)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK))
        var environment = [strdup("PATH=/usr/local/sbin:/usr/sbin:/usr/bin:/sbin:/bin"), strdup("HOME=\(folder)"), nil]
        let arguments = ["env", "-C", folder] + arguments
        var list = arguments.map { strdup($0) } + [nil]
        defer { for text in environment + list { free(text) } }
        var process = pid_t()
        let code = posix_spawnp(&process, arguments[0], &actions, &attributes, &list, &environment)
        guard code == 0 else { throw Failure(description: "cannot start \(arguments): errno \(code)") }
        return process
    }
}
