import Foundation
import Glibc

/// A real nginx with servers of the test's making, as the current user, in a folder of its own; ended when released.
///
/// It inherits listening sockets that are bound here (the way nginx upgrades itself): ports are free for sure, and
/// whoever connects before nginx is up waits in the backlog, so nobody waits for readiness.
package final class Nginx: Sendable {
    /// One server block. `directives`: what stands in it beside `listen`.
    package struct Server: Sendable {
        let name: String
        let address: String
        let isTLS: Bool
        let isHTTP2: Bool
        let directives: String

        package init(
            _ name: String, address: String = "127.0.0.1", isTLS: Bool = false, isHTTP2: Bool = false,
            _ directives: String
        ) {
            self.name = name
            self.address = address
            self.isTLS = isTLS
            self.isHTTP2 = isHTTP2
            self.directives = directives
        }
    }

    package struct Failure: Error, CustomStringConvertible {
        package let description: String
    }

    /// A run that was killed could not end its nginx; this does.
    private static let lifeSecondsMax = 300

    private let folder: TemporaryFolder
    private let process: pid_t
    private let ports: [String: Int]

    package init(_ servers: [Server]) throws {
        folder = try TemporaryFolder()
        let sockets = try servers.map { try Nginx.listeningSocket(on: $0.address) }
        defer { for socket in sockets { close(socket.descriptor) } }
        ports = Dictionary(uniqueKeysWithValues: zip(servers.map(\.name), sockets.map(\.port)))
        let file = try folder.file("nginx.conf", Nginx.configuration(servers, ports: sockets.map(\.port)))
        process = try Nginx.spawn(
            [
                "timeout", "-k", "1", "\(Nginx.lifeSecondsMax)", "nginx", "-p", folder.path, "-c", file, "-e",
                "error.log",
            ],
            inheriting: sockets.map(\.descriptor))
    }

    deinit {
        kill(process, SIGTERM)
        waitpid(process, nil, 0)
    }

    /// The port of the server with that name.
    package func port(_ name: String) -> Int {
        guard let port = ports[name] else { preconditionFailure("no nginx server is named \(name)") }
        return port
    }

    /// What nginx complained about; for the message of a failing test.
    package var log: String { (try? String(contentsOfFile: folder.path + "/error.log", encoding: .utf8)) ?? "" }

    private static func configuration(_ servers: [Server], ports: [Int]) -> String {
        let blocks = zip(servers, ports).map { server, port in
            let words = (server.isTLS ? " ssl" : "") + (server.isHTTP2 ? " http2" : "")
            return "server { listen \(server.address):\(port)\(words); \(server.directives) }\n"
        }
        let folders = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"].map { "\($0)_temp_path \($0);\n" }
        return """
            daemon off;
            worker_processes 1;
            pid nginx.pid;
            events { worker_connections 1000; }
            http {
            access_log off;
            default_type text/plain;
            \(folders.joined())\(blocks.joined())}

            """
    }

    private static func listeningSocket(on address: String) throws -> (descriptor: Int32, port: Int) {
        let socket = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        var name = sockaddr_in()
        name.sin_family = sa_family_t(AF_INET)
        inet_pton(AF_INET, address, &name.sin_addr)
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let isListening = withUnsafeMutablePointer(to: &name) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(socket, $0, length) == 0 && listen(socket, 512) == 0 && getsockname(socket, $0, &length) == 0
            }
        }
        guard isListening else { throw Failure(description: "cannot listen on \(address): errno \(errno)") }
        return (socket, Int(in_port_t(bigEndian: name.sin_port)))
    }

    private static func spawn(_ arguments: [String], inheriting sockets: [Int32]) throws -> pid_t {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        // Far above what is open, so that no number is overwritten before it was copied; copies survive exec.
        let numbers = sockets.indices.map { Int32(200 + $0) }
        for (socket, number) in zip(sockets, numbers) { posix_spawn_file_actions_adddup2(&actions, socket, number) }
        // A thread of a pool blocks signals, and its children would start deaf to SIGTERM.
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var blocked = sigset_t()
        sigemptyset(&blocked)
        posix_spawnattr_setsigmask(&attributes, &blocked)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK))
        let inherited = "NGINX=" + numbers.map { "\($0);" }.joined()
        var environment = [strdup(inherited), strdup("PATH=/usr/sbin:/usr/bin:/sbin:/bin"), nil]
        var list = arguments.map { strdup($0) } + [nil]
        defer { for text in environment + list { free(text) } }
        var process = pid_t()
        let code = posix_spawnp(&process, arguments[0], &actions, &attributes, &list, &environment)
        guard code == 0 else { throw Failure(description: "cannot start nginx: errno \(code)") }
        return process
    }
}
