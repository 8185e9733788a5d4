/// Servers that break TLS from below. They speak bytes, so they are given no identity: the server would shake hands.
extension Behaviour {
    /// Answers the client's hello with a fatal alert of that number (RFC 8446, 6.2).
    package static func tlsAlert(_ number: UInt8) -> Behaviour {
        Behaviour { connection throws(ConnectionEnded) in
            _ = try connection.receive()
            // Record: alert (21), TLS 1.2, two bytes: fatal (2), number.
            try connection.send([21, 3, 3, 0, 2, 2, number])
            try connection.finishOrderly()
        }
    }

    /// Answers the client's hello with the first bytes of a record and then says nothing more.
    package static let halfHandshake = Behaviour { connection throws(ConnectionEnded) in
        _ = try connection.receive()
        // Record: handshake (22), TLS 1.2, 122 bytes to come, of which only the start of a ServerHello does.
        try connection.send([22, 3, 3, 0, 122, 2, 0, 0, 118, 3, 3])
        try connection.receiveUntilClosed()
    }
}
