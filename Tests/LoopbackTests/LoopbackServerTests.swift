import Testing

@testable import Loopback

@Suite struct LoopbackServerTests {
    struct Row: Sendable, CustomTestStringConvertible {
        let name: String
        let behaviour: Behaviour
        let sends: String
        let receives: Client.Conversation
        var testDescription: String { name }

        init(_ name: String, _ behaviour: Behaviour, sends: String = "", receives: Client.Conversation) {
            self.name = name
            self.behaviour = behaviour
            self.sends = sends
            self.receives = receives
        }
    }

    static let request = "GET /there HTTP/1.1\r\nHost: a\r\n\r\n"
    static let ok = "HTTP/1.1 200 OK\r\nContent-Length: 3\r\nConnection: close\r\n\r\n"

    static let rows = [
        Row("refuse", .refuse, receives: .refused),
        Row("close at once", .closeAtOnce, receives: .closed("")),
        Row("reset after the request", .resetAfterRequest, sends: "hello", receives: .reset("")),
        Row("close after the request", .closeAfterRequest, sends: "hello", receives: .closed("")),
        Row("echo", .echo, sends: "hello", receives: .open("hello")),
        Row("banner", .banner("220 ready\r\n"), receives: .open("220 ready\r\n")),
        Row("reply to a line", .reply("+PONG\r\n"), sends: "PING\r\n", receives: .open("+PONG\r\n")),
        Row("drip", .drip("abc", everyMs: 1), receives: .open("abc")),
        Row("answer", .http(body: "ok\n"), sends: request, receives: .closed(ok + "ok\n")),
        Row("answer to HEAD", .http(body: "ok\n"), sends: "HEAD / HTTP/1.1\r\n\r\n", receives: .closed(ok)),
        Row("route", .routes(["/there": HTTPReply(body: "ok\n")]), sends: request, receives: .closed(ok + "ok\n")),
        Row(
            "route that is not there", .routes([:]), sends: request,
            receives: .closed(
                "HTTP/1.1 404 Not Found\r\nContent-Length: 13\r\nConnection: close\r\n\r\nno such path\n")),
        Row(
            "redirect", .http(.redirect(to: "/elsewhere", status: 308)), sends: request,
            receives: .closed(
                "HTTP/1.1 308 Permanent Redirect\r\nLocation: /elsewhere\r\nContent-Length: 0\r\n"
                    + "Connection: close\r\n\r\n")),
        Row(
            "echo of a request with a body", .httpEcho,
            sends: "PUT /x HTTP/1.1\r\nContent-Length: 2\r\n\r\nhi",
            receives: .closed(
                "HTTP/1.1 200 OK\r\nContent-Length: 40\r\nConnection: close\r\n\r\n"
                    + "PUT /x HTTP/1.1\r\nContent-Length: 2\r\n\r\nhi")),
        Row(
            "short body", .shortBody, sends: request,
            receives: .closed("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n0123456789")),
        Row("TLS alert", .tlsAlert(40), sends: "hello", receives: .closed("\u{15}\u{3}\u{3}\u{0}\u{2}\u{2}\u{28}")),
    ]

    @Test("a server behaves as it is told", arguments: rows)
    func behaves(row: Row) throws {
        let server = try LoopbackServer(row.behaviour)
        let client = Client(port: server.port)
        #expect(client.converse(sends: row.sends, expects: row.receives) == row.receives)
    }

    @Test("a server that refuses for a while comes back on the same port")
    func comesBack() throws {
        let server = try LoopbackServer(.banner("one"))
        let client = Client(port: server.port)
        #expect(client.converse(sends: "", expects: .open("one")) == .open("one"))
        try server.change(to: .refuse)
        #expect(client.converse(sends: "", expects: .refused) == .refused)
        try server.change(to: .banner("two"))
        #expect(client.converse(sends: "", expects: .open("two")) == .open("two"))
        #expect(server.connections == 2)
        #expect(server.newestPeer == "127.0.0.1")
    }

    @Test("a server stops while clients hang on it, and its port is free again")
    func stops() throws {
        let server = try LoopbackServer(.silent)
        let clients = (0..<20).map { _ in Client(port: server.port) }
        let sockets = clients.map { $0.connect() }
        #expect(sockets.allSatisfy { $0 != nil })
        server.stop()
        server.stop()
        #expect(Client(port: server.port).connect() == nil)
        _ = try LoopbackServer(.silent, port: server.port)
    }

    @Test("an address that others can reach is refused")
    func onlyLoopback() throws {
        let error = #expect(throws: LoopbackError.self) { try LoopbackServer(.silent, address: "0.0.0.0") }
        #expect(error?.description == "0.0.0.0 is not a loopback address; use 127.0.0.0/8 or ::1")
    }
}
