import Logging
import Reporting
import ServiceLifecycle
import Support
import Testing
import Vocabulary

@testable import Serving

@Suite("The status server", .timeLimit(.minutes(1)))
struct StatusServerTests {
    static let documents: [Page: Document] = [
        .health: Document(contentType: "text/plain; charset=utf-8", body: "ok\n"),
        .status: Document(contentType: "text/html; charset=utf-8", body: "<!doctype html><title>商店</title>\n"),
        .statusJSON: Document(contentType: "application/json", body: "{\"checks\":[]}\n"),
        .reportJSON: Document(contentType: "application/json", body: "{\"window\":{}}\n", status: 500),
        .metrics: Document(contentType: "text/plain; version=0.0.4", body: "sonde_build_info 1\n"),
    ]

    /// Serves on a free port while `body` runs.
    func serving<Value: Sendable>(
        _ pages: @escaping @Sendable (Page) async -> Document = { documents[$0]! },
        _ body: @escaping @Sendable (Int) async throws -> Value
    ) async throws -> Value {
        let (ports, bound) = AsyncStream<Int>.makeStream()
        let server = StatusServer(
            listen: ListenAddress(host: "127.0.0.1", port: 0), pages: pages, logger: Logger(label: "test"),
            onBound: { bound.yield($0) })
        return try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await server.run() }
            var iterator = ports.makeAsyncIterator()
            let value = try await body(try #require(await iterator.next()))
            group.cancelAll()
            return value
        }
    }

    func ask(_ method: String, _ path: String, _ port: Int) async throws -> RawAnswer {
        let request = "\(method) \(path) HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n"
        return try await onThread { try RawAnswer(to: request, port: port) }
    }

    @Test("each page is its document, for any query", arguments: Page.allCases)
    func pages(page: Page) async throws {
        let document = try #require(Self.documents[page])
        try await serving { port in
            for query in ["", "?", "?month=2026-11&x=%00"] {
                let answer = try await ask("GET", page.rawValue + query, port)
                #expect(answer.statusLine.hasPrefix("HTTP/1.1 \(document.status) "))
                #expect(answer.headers["content-type"] == document.contentType)
                #expect(answer.headers["content-length"] == "\(document.body.utf8.count)")
                #expect(answer.body == document.body)
            }
        }
    }

    @Test("HEAD gives the header of GET and no body", arguments: Page.allCases)
    func head(page: Page) async throws {
        try await serving { port in
            let get = try await ask("GET", page.rawValue, port)
            let head = try await ask("HEAD", page.rawValue, port)
            #expect(head.statusLine == get.statusLine)
            // The clock may tick between the two.
            #expect(head.headers.filter { $0.key != "date" } == get.headers.filter { $0.key != "date" })
            #expect(head.body == "")
        }
    }

    @Test(
        "what is no page is not found, and what only reads is all there is",
        arguments: [
            ("GET", "/status"), ("GET", "/healthz/"), ("GET", "//"), ("GET", "/../etc/passwd"), ("GET", "/%2e%2e/"),
            ("GET", "/STATUS.JSON"), ("POST", "/"), ("PUT", "/status.json"), ("DELETE", "/"), ("OPTIONS", "*"),
        ])
    func notFound(row: (method: String, path: String)) async throws {
        let answer = try await serving { port in try await ask(row.method, row.path, port) }
        #expect(answer.statusLine == "HTTP/1.1 404 Not Found")
        #expect(answer.body == "Nothing here. There are /healthz, /, /status.json, /report.json, /metrics.\n")
    }

    @Test("every answer keeps browsers from loading, guessing, telling and keeping", arguments: ["/", "/nowhere"])
    func safety(path: String) async throws {
        let answer = try await serving { port in try await ask("GET", path, port) }
        #expect(
            answer.headers.filter { !["date", "content-type", "content-length", "connection"].contains($0.key) } == [
                "content-security-policy":
                    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; "
                    + "form-action 'none'; frame-ancestors 'none'",
                "x-content-type-options": "nosniff", "referrer-policy": "no-referrer", "cache-control": "no-store",
            ])
    }

    @Test("a health document with trouble is a 503")
    func trouble() async throws {
        let pages: @Sendable (Page) async -> Document = { _ in
            Document(contentType: "text/plain; charset=utf-8", body: "the store cannot be written\n", status: 503)
        }
        let answer = try await serving(pages) { port in try await ask("GET", "/healthz", port) }
        #expect(answer.statusLine == "HTTP/1.1 503 Service Unavailable")
        #expect(answer.body == "the store cannot be written\n")
    }

    @Test("a request with too long a header is refused, and the next one is served")
    func longHeader() async throws {
        try await serving { port in
            let long = String(repeating: "x", count: StatusServer.headerBytesMax + 1)
            let request = "GET / HTTP/1.1\r\nHost: a\r\nX-Long: \(long)\r\n\r\n"
            let answer = try? await onThread { try RawAnswer(to: request, port: port) }  // a reset is a refusal too
            #expect(answer?.statusLine.contains(" 200 ") != true)
            let next = try await ask("GET", "/healthz", port)
            #expect(next.body == "ok\n")
        }
    }

    @Test("garbage is refused, and the next request is served")
    func garbage() async throws {
        try await serving { port in
            let answer = try? await onThread { try RawAnswer(to: "\u{0}\u{1}\u{2}garbage\r\n\r\n", port: port) }
            #expect(answer?.statusLine.contains(" 200 ") != true)
            let next = try await ask("GET", "/healthz", port)
            #expect(next.body == "ok\n")
        }
    }

    @Test("many ask at once")
    func concurrent() async throws {
        let bodies = try await serving { port in
            try await withThrowingTaskGroup(of: String.self) { group in
                for _ in 0..<40 { group.addTask { try await ask("GET", "/status.json", port).body } }
                return try await group.reduce(into: []) { $0.append($1) }
            }
        }
        #expect(bodies == Array(repeating: "{\"checks\":[]}\n", count: 40))
    }

    @Test("a graceful shutdown of its group ends it, whoever is connected")
    func shutdown() async throws {
        let (ports, bound) = AsyncStream<Int>.makeStream()
        let server = StatusServer(
            listen: ListenAddress(host: "127.0.0.1", port: 0), pages: { Self.documents[$0]! },
            logger: Logger(label: "test"), onBound: { bound.yield($0) })
        let group = ServiceGroup(
            configuration: .init(services: [server], gracefulShutdownSignals: [], logger: Logger(label: "test")))
        async let ended: Void = group.run()
        var iterator = ports.makeAsyncIterator()
        let port = try #require(await iterator.next())
        let connections = try await onThread {
            let silent = try Connection(port: port)
            let half = try Connection(port: port)
            half.send("GET / HTTP/1.1\r\nHost:")
            let answered = try Connection(port: port)
            answered.send("GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n")
            answered.read(until: "ok\n")
            return [silent, half, answered]
        }
        let start = ContinuousClock.now
        await group.triggerGracefulShutdown()
        try await ended
        #expect(ContinuousClock.now - start < .seconds(5))
        withExtendedLifetime(connections) {}
        await #expect(throws: (any Error).self) { try await ask("GET", "/healthz", port) }
    }

    func refusal(_ host: String, _ port: Int) async -> String? {
        let server = StatusServer(
            listen: ListenAddress(host: host, port: port), pages: { Self.documents[$0]! },
            logger: Logger(label: "test"))
        return await #expect(throws: ServingError.self) { try await server.run() }?.description
    }

    @Test("an address that another program listens on is one sentence")
    func inUse() async throws {
        try await serving { port in
            let text = await refusal("127.0.0.1", port)
            #expect(text == "127.0.0.1:\(port) is in use by another program; stop that one, or change \"listen:\"")
        }
    }

    @Test(
        "an address that cannot be had is one sentence",
        arguments: [
            ("192.0.2.1", "192.0.2.1:8787 (Cannot assign requested address)"),
            ("2001:db8::1", "[2001:db8::1]:8787 (Cannot assign requested address)"),
            ("nobody.invalid", "nobody.invalid:8787 (no such name or address)"),
        ])
    func refusals(row: (host: String, text: String)) async {
        #expect(await refusal(row.host, 8787) == "cannot listen on \(row.text); change \"listen:\"")
    }
}
