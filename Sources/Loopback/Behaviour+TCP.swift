extension Behaviour {
    /// Accepts and never says a word.
    package static let silent = Behaviour { connection throws(ConnectionEnded) in
        try connection.receiveUntilClosed()
    }

    /// Closes as soon as it has accepted.
    package static let closeAtOnce = Behaviour { connection throws(ConnectionEnded) in
        try connection.finishOrderly()
    }

    /// Resets as soon as it has accepted.
    package static let resetAtOnce = Behaviour { connection throws(ConnectionEnded) in connection.resetWhenClosed() }

    /// Waits for the first bytes, then resets.
    package static let resetAfterRequest = Behaviour { connection throws(ConnectionEnded) in
        _ = try connection.receive()
        connection.resetWhenClosed()
    }

    /// Waits for the first bytes, then closes without an answer.
    package static let closeAfterRequest = Behaviour { connection throws(ConnectionEnded) in
        _ = try connection.receive()
    }

    /// Says `text` as soon as it has accepted, then stays open.
    package static func banner(_ text: String) -> Behaviour { banner(Array(text.utf8)) }

    /// Says `bytes` as soon as it has accepted, then stays open.
    package static func banner(_ bytes: [UInt8]) -> Behaviour {
        Behaviour { connection throws(ConnectionEnded) in
            try connection.send(bytes)
            try connection.receiveUntilClosed()
        }
    }

    /// Waits for a line, then says `text`, and so on.
    package static func reply(_ text: String) -> Behaviour {
        Behaviour { connection throws(ConnectionEnded) in
            while true {
                _ = try connection.receive(until: "\n")
                try connection.send(text)
            }
        }
    }

    /// Sends back what it receives.
    package static let echo = Behaviour { connection throws(ConnectionEnded) in
        while true { try connection.send(try connection.receive()) }
    }

    /// Says `text`, one byte every `everyMs`, then stays open.
    package static func drip(_ text: String, everyMs: Int) -> Behaviour {
        pieces(text.map { String($0) }, everyMs: everyMs)
    }

    /// Says each of `texts`, `everyMs` after the one before, then stays open.
    package static func pieces(_ texts: [String], everyMs: Int) -> Behaviour {
        Behaviour { connection throws(ConnectionEnded) in
            for text in texts {
                try connection.send(text)
                try connection.pause(ms: everyMs)
            }
            try connection.receiveUntilClosed()
        }
    }

    /// Bytes of no protocol, 512 of them, then an orderly close.
    package static let garbage = Behaviour { connection throws(ConnectionEnded) in
        try connection.send(garbageBytes)
        try connection.finishOrderly()
    }

    /// The same text over and over, for ever.
    package static func endless(_ text: String) -> Behaviour {
        Behaviour { connection throws(ConnectionEnded) in try connection.sendEndlessly(text) }
    }

    /// Never valid HTTP, TLS or UTF-8: 0x80...0xff in a fixed order.
    private static let garbageBytes = (0..<512).map { UInt8(0x80 | (($0 * 73 + 41) & 0x7f)) }
}

extension Connection {
    /// Sends `text` in blocks of about 16 KiB until the peer goes.
    func sendEndlessly(_ text: String) throws(ConnectionEnded) -> Never {
        let block = Array(String(repeating: text, count: max(1, 16 * 1024 / max(1, text.utf8.count))).utf8)
        while true { try send(block) }
    }
}
