import Foundation
import Loopback
import Support
import Testing
import Vocabulary

/// Probes through real proxies, and through some that misbehave.
@Suite(.timeLimit(.minutes(2))) struct ProxyContractTests {
    /// Targets of every kind, plain and not.
    private struct Targets {
        let made: Certificates
        let plain: LoopbackServer
        let banner: LoopbackServer
        let secure: LoopbackServer
        let gone: LoopbackServer

        init() throws {
            made = try Certificates()
            plain = try LoopbackServer(.httpEcho)
            banner = try LoopbackServer(.banner("220 hello\r\n"))
            secure = try LoopbackServer(.http(), identity: made.good())
            gone = try LoopbackServer(.refuse)
        }

        /// One row of each kind through a region's proxy, each with what it has to see.
        func rows(_ proxy: String, http: Seen, https: Seen, tcp: Seen, tls: Seen, timeoutMs: Int64 = 5000)
            -> [ContractRow]
        {
            let route = Route(proxy: Setting.text(proxy))
            return [
                ContractRow(
                    "http", "http", .text("http://\(plain.hostAndPort)/"),
                    expect: ["body": ["not_contains": "Proxy-Authorization"]], timeoutMs: timeoutMs, route: route,
                    is: http),
                ContractRow(
                    "https", "http", ["url": "https://\(secure.hostAndPort)/", "tls": made.tls], timeoutMs: timeoutMs,
                    route: route, is: https),
                // The server speaks first: no byte of it may be lost with the proxy's answer.
                ContractRow(
                    "tcp", "tcp", ["address": .text(banner.hostAndPort), "expect": "^220 hello"], timeoutMs: timeoutMs,
                    route: route, is: tcp),
                ContractRow(
                    "tls", "tls", ["address": .text(secure.hostAndPort), "tls": made.tls], timeoutMs: timeoutMs,
                    route: route, is: tls),
            ]
        }

        func all(_ proxy: String, _ seen: Seen, timeoutMs: Int64 = 5000) -> [ContractRow] {
            rows(proxy, http: seen, https: seen, tcp: seen, tls: seen, timeoutMs: timeoutMs)
        }

        func up(_ proxy: String) -> [ContractRow] {
            rows(proxy, http: .up(200), https: .up(200), tcp: .up, tls: .up)
        }

        /// A target that nobody listens on.
        func refusing(_ proxy: String, _ seen: Seen) -> ContractRow {
            ContractRow(
                "a target that refuses", "tcp", .text(gone.hostAndPort), route: Route(proxy: Setting.text(proxy)),
                is: seen)
        }
    }

    private static let squidPassword = "p@ss word"

    /// squid, which wants the user `u`.
    private func squid(_ folder: TemporaryFolder, _ port: Int) throws -> ChildProgram {
        // squid gives its privileges up and reads these files as somebody else.
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: folder.path)
        let hash = try ChildProgram.run(["openssl", "passwd", "-apr1", Self.squidPassword], in: folder.path)
        let users = try folder.file("users", "u:\(hash)")
        let file = try folder.file(
            "squid.conf",
            """
            http_port 127.0.0.1:\(port)
            auth_param basic program /usr/lib/squid/basic_ncsa_auth \(users)
            auth_param basic children 1
            acl known proxy_auth REQUIRED
            acl forbidden dstdomain forbidden.test
            http_access deny forbidden
            http_access allow known
            http_access deny all
            cache deny all
            cache_log /dev/null
            access_log none
            pid_filename none
            shutdown_lifetime 0 seconds
            max_filedescriptors 1024
            hosts_file none
            netdb_filename none
            coredump_dir /

            """)
        for path in [users, file] {
            try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: path)
        }
        return try ChildProgram(["squid", "-N", "-f", file], in: folder.path, listeningOn: port)
    }

    @Test("through squid every kind works, and what squid says is told apart")
    func throughSquid() async throws {
        let folder = try TemporaryFolder()
        let port = try ChildProgram.freePort()
        let proxy = try squid(folder, port)
        let targets = try Targets()
        let good = "http://u:p%40ss%20word@127.0.0.1:\(port)"
        let denied = Seen.failed(.proxyAuthentication, 407)
        try await expectContract(
            targets.up(good) + targets.all("http://127.0.0.1:\(port)", denied)
                + targets.all("http://w:wrong@127.0.0.1:\(port)/", denied)
                + [
                    targets.refusing(good, .failed(.refused, 503)),
                    ContractRow(
                        "forbidden", "tcp", "forbidden.test:443", route: Route(proxy: Setting.text(good)),
                        is: .failed(.proxyStatus, 403)),
                    ContractRow(
                        "the check's own proxy goes before the region's", "http",
                        ["url": "http://\(targets.plain.hostAndPort)/", "proxy": .text(good)],
                        route: Route(proxy: Setting.text("http://127.0.0.1:1")), is: .up(200)),
                ])
        withExtendedLifetime(proxy) {}
    }

    @Test("a redirect from http to https goes through the proxy both times, and the proxy's credentials to it alone")
    func redirects() async throws {
        let folder = try TemporaryFolder()
        let port = try ChildProgram.freePort()
        let proxy = try squid(folder, port)
        let made = try Certificates()
        let secure = try LoopbackServer(.httpEcho, identity: made.good())
        let plain = try LoopbackServer(.routes(["/": .redirect(to: "https://\(secure.hostAndPort)/")]))
        try await expectContract([
            ContractRow(
                "away", "http", ["url": "http://\(plain.hostAndPort)/", "tls": made.tls],
                expect: ["body": ["not_contains": "roxy", "contains": "GET / HTTP/1.1"]],
                route: Route(proxy: Setting.text("http://u:p%40ss%20word@127.0.0.1:\(port)")), is: .up(200))
        ])
        withExtendedLifetime(proxy) {}
    }

    @Test("through tinyproxy every kind works; that it cannot connect is its own word, not the target's")
    func throughTinyproxy() async throws {
        let folder = try TemporaryFolder()
        let port = try ChildProgram.freePort()
        let file = try folder.file("tinyproxy.conf", "Port \(port)\nListen 127.0.0.1\nTimeout 30\nMaxClients 50\n")
        let proxy = try ChildProgram(["tinyproxy", "-d", "-c", file], in: folder.path, listeningOn: port)
        let targets = try Targets()
        let url = "http://127.0.0.1:\(port)"
        try await expectContract(targets.up(url) + [targets.refusing(url, .failed(.proxyStatus, 500))])
        withExtendedLifetime(proxy) {}
    }

    @Test("through microsocks every kind works, names are its own to look up, and its replies are told apart")
    func throughMicrosocks() async throws {
        let folder = try TemporaryFolder()
        let port = try ChildProgram.freePort()
        let proxy = try ChildProgram(
            ["microsocks", "-i", "127.0.0.1", "-p", "\(port)", "-u", "u", "-P", "open sesame"], in: folder.path,
            listeningOn: port)
        let targets = try Targets()
        let good = "socks5h://u:open%20sesame@127.0.0.1:\(port)"
        let names = try NameServer([:])
        try await expectContract(
            targets.up(good) + targets.all("socks5h://127.0.0.1:\(port)", .failed(.proxyAuthentication))
                + targets.all("socks5h://u:wrong@127.0.0.1:\(port)", .failed(.proxyAuthentication))
                + [
                    targets.refusing(good, .failed(.refused)),
                    ContractRow(
                        "a name", "tcp", ["address": "localhost:\(targets.banner.port)"],
                        route: Route(proxy: Setting.text(good)), is: .up),
                ], resolver: "127.0.0.1:\(names.port)")
        #expect(names.questions == 0)
        withExtendedLifetime(proxy) {}
    }

    @Test("a proxy that is not there or does not answer is our own trouble, in every kind")
    func absent() async throws {
        let targets = try Targets()
        let gone = try LoopbackServer(.refuse)
        let deaf = try LoopbackServer(.deaf)
        let silent = try LoopbackServer(.silent)
        for scheme in ["http", "socks5h"] {
            try await expectContract(
                targets.all("\(scheme)://\(gone.hostAndPort)", .failed(.proxyRefused))
                    + targets.all("\(scheme)://\(deaf.hostAndPort)", .failed(.proxyTimeout), timeoutMs: 600))
        }
        // With plain http the silence may as well be the target's.
        try await expectContract(
            targets.rows(
                "http://\(silent.hostAndPort)", http: .failed(.timeoutWait), https: .failed(.proxyTimeout),
                tcp: .failed(.proxyTimeout), tls: .failed(.proxyTimeout), timeoutMs: 600)
                + targets.all("socks5h://\(silent.hostAndPort)", .failed(.proxyTimeout), timeoutMs: 600))
        for cause in [Cause.proxyRefused, .proxyTimeout, .proxyAuthentication, .proxyStatus, .proxyProtocol] {
            #expect(cause.isOwnFault)
        }
    }

    @Test("a proxy's name that cannot be resolved is our own trouble")
    func names() async throws {
        let names = try NameServer(["broken.test": .serverFailure, "empty.test": .addresses([])])
        let targets = try Targets()
        try await expectContract(
            ["missing", "broken", "empty"].flatMap {
                targets.all("http://\($0).test:3128", .failed(.proxyNameNotFound))
            },
            resolver: "127.0.0.1:\(names.port)")
    }

    /// What a proxy says before it is asked, and what it means.
    static let answers: [(name: String, proxy: String, says: [UInt8], cause: Cause, status: UInt16)] = [
        ("502", "http", Array("HTTP/1.1 502 Bad Gateway\r\n\r\n".utf8), .unreachable, 502),
        ("504", "http", Array("HTTP/1.0 504 Gateway Timeout\r\nX: y\r\n\r\n".utf8), .timeoutConnect, 504),
        ("503", "http", Array("HTTP/1.1 503 Busy\r\n\r\n".utf8), .proxyStatus, 503),
        (
            "Proxy-Status refused", "http",
            Array("HTTP/1.1 502 Bad\r\nProxy-Status: p; error=connection_refused\r\n\r\n".utf8), .refused, 502
        ),
        (
            "Proxy-Status name", "http", Array("HTTP/1.1 502 Bad\r\nproxy-status: p;error=dns_error\r\n\r\n".utf8),
            .nameNotFound, 502
        ),
        ("no HTTP", "http", Array("220 hello\r\n\r\n".utf8), .proxyProtocol, 0),
        ("no SOCKS", "socks5h", Array("HTTP/1.1 400 Bad\r\n\r\n".utf8), .proxyProtocol, 0),
        ("no method", "socks5h", [5, 0xff], .proxyAuthentication, 0),
        ("general failure", "socks5h", [5, 0, 5, 1, 0, 1, 0, 0, 0, 0, 0, 0], .proxyStatus, 0),
        ("not allowed", "socks5h", [5, 0, 5, 2, 0, 1, 0, 0, 0, 0, 0, 0], .proxyStatus, 0),
        ("network unreachable", "socks5h", [5, 0, 5, 3, 0, 1, 0, 0, 0, 0, 0, 0], .proxyStatus, 0),
        ("host unreachable", "socks5h", [5, 0, 5, 4, 0, 1, 0, 0, 0, 0, 0, 0], .unreachable, 0),
        ("refused", "socks5h", [5, 0, 5, 5, 0, 1, 0, 0, 0, 0, 0, 0], .refused, 0),
        ("expired", "socks5h", [5, 0, 5, 6, 0, 1, 0, 0, 0, 0, 0, 0], .timeoutConnect, 0),
        ("no such command", "socks5h", [5, 0, 5, 7, 0, 1, 0, 0, 0, 0, 0, 0], .proxyProtocol, 0),
        ("an address of no type", "socks5h", [5, 0, 5, 0, 0, 9, 0], .proxyProtocol, 0),
    ]

    @Test("what a proxy answers is the target's cause only where it says so clearly")
    func answers() async throws {
        var servers: [LoopbackServer] = []
        for answer in Self.answers { servers.append(try LoopbackServer(.banner(answer.says))) }
        let rows = zip(Self.answers, servers).map { answer, server in
            ContractRow(
                answer.name, "tcp", "192.0.2.1:25",
                route: Route(proxy: Setting.text("\(answer.proxy)://\(server.hostAndPort)")),
                is: .failed(answer.cause, answer.status))
        }
        let asking = try Asking(rows)
        defer { asking.reactor.stop() }
        for (row, arrival) in zip(rows, await asking.all()) {
            #expect(Seen(arrival.sample) == row.expected, "\(row.name): \(arrival.sample.findings?.detail ?? "")")
        }
    }

    @Test("a proxy that breaks off, or never ends its header, does not speak the protocol")
    func brokenOff() async throws {
        let targets = try Targets()
        let closing = try LoopbackServer(.closeAtOnce)
        let endless = try LoopbackServer(.endless("X: y\r\n"))
        let protocolError = Seen.failed(.proxyProtocol)
        let closed = targets.all("socks5h://\(closing.hostAndPort)", protocolError)
        let header = targets.all("http://\(endless.hostAndPort)", protocolError)
        try await expectContract(closed + header.filter { $0.name != "http" })
    }

    @Test("through a proxy block_private is judged on targets that are written as addresses")
    func blocked() async throws {
        let proxy = try LoopbackServer(.banner([5, 0, 5, 5]))
        let route = Route(proxy: Setting.text("socks5h://\(proxy.hostAndPort)"))
        try await expectContract([
            ContractRow("private", "tcp", "10.0.0.1:25", route: route, allow: [], is: .failed(.addressBlocked)),
            ContractRow("mapped", "tcp", "[::ffff:10.0.0.1]:25", route: route, allow: [], is: .failed(.addressBlocked)),
            ContractRow("allowed", "tcp", "10.0.0.1:25", route: route, allow: ["10.0.0.0/8"], is: .failed(.refused)),
            ContractRow("a name", "tcp", "inside.test:25", route: route, allow: [], is: .failed(.refused)),
        ])
    }
}
