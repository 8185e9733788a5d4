import Loopback
import Testing
import Vocabulary

@testable import Probing

@Suite(.timeLimit(.minutes(1))) struct HTTPStatusTests {
    static let own: [Int] = [
        301, 302, 303, 304, 307, 308, 400, 401, 403, 404, 405, 406, 408, 409, 410, 413, 415, 421, 422, 429, 451, 500,
        501,
        502, 503, 504, 511,
    ]
    static let byClass: [(Int, Cause)] = [
        (202, .status2xx), (206, .status2xx), (300, .status3xx), (305, .status3xx), (306, .status3xx),
        (402, .status4xx),
        (407, .status4xx), (418, .status4xx), (426, .status4xx), (431, .status4xx), (505, .status5xx),
        (507, .status5xx),
        (520, .status5xx), (599, .status5xx), (600, .protocolError), (999, .protocolError),
    ]

    @Test("a common status is a cause of its own, others are told by their class")
    func statuses() async throws {
        var replies: [String: HTTPReply] = [:]
        for code in Self.own + Self.byClass.map(\.0) { replies["/\(code)"] = HTTPReply(code, body: "x") }
        let server = try LoopbackServer(.routes(replies))
        func row(_ code: Int, _ cause: Cause) -> ContractRow {
            ContractRow(
                "\(code)", "http", ["url": "http://\(server.hostAndPort)/\(code)", "follow": false],
                expect: ["status": 201], is: .failed(cause, UInt16(code)))
        }
        let causes = try Self.own.map { try #require(Cause(name: "status-\($0)")) }
        try await expectContract(zip(Self.own, causes).map(row) + Self.byClass.map(row))
    }

    @Test("each common status is also its class, and nothing else is")
    func classes() throws {
        for code in Self.own {
            let cause = try #require(Cause(name: "status-\(code)"))
            let general = try #require(Cause(name: "status-\(code / 100)xx"))
            #expect(cause.broader == general)
            #expect(cause.isA(general) && cause.isA(cause) && !general.isA(cause) && !cause.isA(.status1xx))
        }
        #expect(Cause.allCases.filter { $0.broader != nil && $0.broader != .tlsAlert }.count == Self.own.count)
    }

    @Test("the words name what the answer says about how to be let in, or when to come again")
    func hints() async throws {
        let server = try LoopbackServer(
            .routes([
                "/401": HTTPReply(401, headers: ["WWW-Authenticate: Basic realm=\"a\"", "WWW-Authenticate: Bearer"]),
                "/401-silent": HTTPReply(401),
                "/407": HTTPReply(407, headers: ["Proxy-Authenticate: Basic realm=\"p\""]),
                "/429": HTTPReply(429, headers: ["Retry-After: 17"]),
                "/503": HTTPReply(503, headers: ["Retry-After: 120"]),
                "/500": HTTPReply(500, headers: ["Retry-After: 9"]),
            ]))
        let words = [
            ("/401", "status 401, expected 200-299; WWW-Authenticate: Basic realm=\"a\", Bearer"),
            ("/401-silent", "status 401, expected 200-299"),
            ("/407", "status 407, expected 200-299; Proxy-Authenticate: Basic realm=\"p\""),
            ("/429", "status 429, expected 200-299; Retry-After: 17"),
            ("/503", "status 503, expected 200-299; Retry-After: 120"),
            ("/500", "status 500, expected 200-299"),
        ]
        let rows = words.map { path, _ in
            ContractRow(path, "http", ["url": "http://\(server.hostAndPort)\(path)"], is: .up)
        }
        let asking = try Asking(rows)
        defer { asking.reactor.stop() }
        let arrivals = await asking.all()
        #expect(arrivals.map { $0.sample.findings?.detail } == words.map(\.1))
    }
}
