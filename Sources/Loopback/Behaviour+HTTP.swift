/// An answer to an HTTP request.
package struct HTTPReply: Sendable {
    package var status: Int
    /// Whole lines without their end, `Location: /there`.
    package var headers: [String]
    /// nil: the request as it came.
    package var body: String?
    /// Waits this long between request and answer.
    package var delayMs: Int

    package init(_ status: Int = 200, headers: [String] = [], body: String? = "", delayMs: Int = 0) {
        self.status = status
        self.headers = headers
        self.body = body
        self.delayMs = delayMs
    }

    /// A 200 whose body is the request as it came.
    package static let echo = HTTPReply(body: nil)

    package static func redirect(to location: String, status: Int = 302) -> HTTPReply {
        HTTPReply(status, headers: ["Location: \(location)"])
    }

    /// Status line, headers and body; without the body when the request was HEAD or the status has none.
    func text(to request: HTTPRequest) -> String {
        let hasNoBody = status == 204 || status == 304 || status < 200
        let body = body ?? request.head + request.body
        let length = hasNoBody ? [] : ["Content-Length: \(body.utf8.count)"]
        let lines = [HTTPReply.statusLine(status)] + headers + length + ["Connection: close", "", ""]
        return lines.joined(separator: "\r\n") + (hasNoBody || request.method == "HEAD" ? "" : body)
    }

    static func statusLine(_ status: Int) -> String {
        "HTTP/1.1 \(status) \(reasons[status] ?? "Status \(status)")"
    }

    private static let reasons = [
        200: "OK", 201: "Created", 204: "No Content", 301: "Moved Permanently", 302: "Found", 303: "See Other",
        304: "Not Modified", 307: "Temporary Redirect", 308: "Permanent Redirect", 400: "Bad Request",
        401: "Unauthorized", 403: "Forbidden", 404: "Not Found", 429: "Too Many Requests",
        500: "Internal Server Error", 502: "Bad Gateway", 503: "Service Unavailable", 504: "Gateway Timeout",
    ]
}

/// A request as it came.
struct HTTPRequest {
    let head: String
    let body: String

    var method: Substring { head.prefix { $0 != " " } }
    var path: Substring { head.drop { $0 != " " }.dropFirst().prefix { $0 != " " } }

    init(from connection: Connection) throws(ConnectionEnded) {
        head = try connection.receive(until: "\r\n\r\n")
        var length = 0
        for line in head.split(separator: "\r\n") where line.lowercased().hasPrefix("content-length:") {
            length = Int(line.drop { $0 != ":" }.dropFirst().filter { $0 != " " }) ?? 0
        }
        body = String(decoding: try connection.receive(count: min(max(0, length), 1 << 20)), as: UTF8.self)
    }
}

extension Behaviour {
    /// The same answer to every request.
    package static func http(_ reply: HTTPReply) -> Behaviour { http { _ in reply } }

    package static func http(
        _ status: Int = 200, headers: [String] = [], body: String = "ok\n", delayMs: Int = 0
    ) -> Behaviour {
        http(HTTPReply(status, headers: headers, body: body, delayMs: delayMs))
    }

    /// An answer for each path (`/there?n=1` as a whole); 404 for the others.
    package static func routes(_ replies: [String: HTTPReply]) -> Behaviour {
        http { replies[String($0.path)] ?? HTTPReply(404, body: "no such path\n") }
    }

    /// Answers 200 with the request as it came as the body.
    package static let httpEcho = http(.echo)

    /// Hands each request, head and body as they came, to `answer` and sends what it gives back: for tests that hold
    /// what a client sends, or answer one request otherwise than the next.
    package static func requests(
        _ answer: @escaping @Sendable (_ head: String, _ body: String) -> HTTPReply
    ) -> Behaviour {
        http { answer($0.head, $0.body) }
    }

    private static func http(_ answer: @escaping @Sendable (HTTPRequest) -> HTTPReply) -> Behaviour {
        Behaviour { connection throws(ConnectionEnded) in
            let request = try HTTPRequest(from: connection)
            let reply = answer(request)
            try connection.pause(ms: reply.delayMs)
            try connection.send(reply.text(to: request))
        }
    }
}
