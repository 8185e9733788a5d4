extension Behaviour {
    /// Hands each request, head and body as they came, to `answer` and sends what it gives back: for tests that hold
    /// what a client sends, or answer one request otherwise than the next.
    package static func requests(
        _ answer: @escaping @Sendable (_ head: String, _ body: String) -> HTTPReply
    ) -> Behaviour {
        Behaviour { connection throws(ConnectionEnded) in
            let request = try HTTPRequest(from: connection)
            try connection.send(answer(request.head, request.body).text(toHead: request.method == "HEAD"))
        }
    }
}
