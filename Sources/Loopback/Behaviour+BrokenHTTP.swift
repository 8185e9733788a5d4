/// Servers that speak HTTP badly, or in ways that are rare. Each reads the request first, as a real one would.
extension Behaviour {
    /// A good header, then body bytes without end.
    package static let endlessBody = broken { connection throws(ConnectionEnded) in
        try connection.send("HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n\r\n")
        try connection.sendEndlessly("endless body ")
    }

    /// Header lines without end.
    package static let endlessHeader = broken { connection throws(ConnectionEnded) in
        try connection.send("HTTP/1.1 200 OK\r\n")
        try connection.sendEndlessly("X-Endless: header\r\n")
    }

    /// One header line of `bytes` bytes, in an answer that is good otherwise.
    package static func longHeader(bytes: Int) -> Behaviour {
        broken { connection throws(ConnectionEnded) in
            try connection.send("HTTP/1.1 200 OK\r\nX-Long: ")
            try connection.send([UInt8](repeating: UInt8(ascii: "x"), count: bytes))
            try connection.send("\r\nContent-Length: 0\r\n\r\n")
        }
    }

    /// A good answer, one byte of it every `everyMs`, from the status line on.
    package static func drippingHeader(everyMs: Int) -> Behaviour {
        broken { connection throws(ConnectionEnded) in
            for byte in goodAnswer.utf8 {
                try connection.send([byte])
                try connection.pause(ms: everyMs)
            }
        }
    }

    /// The header at once, then one byte of the body every `everyMs`, for ever.
    package static func drippingBody(everyMs: Int) -> Behaviour {
        broken { connection throws(ConnectionEnded) in
            try connection.send("HTTP/1.1 200 OK\r\n\r\n")
            while true {
                try connection.send(".")
                try connection.pause(ms: everyMs)
            }
        }
    }

    /// Announces 1000 body bytes, sends 10 and closes.
    package static let shortBody = broken { connection throws(ConnectionEnded) in
        try connection.send("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n0123456789")
    }

    /// Half a header, then an orderly close.
    package static let halfHeader = broken { connection throws(ConnectionEnded) in
        try connection.send("HTTP/1.1 200 OK\r\nContent-Ty")
    }

    /// Announces chunks, then sends a chunk size that is no number.
    package static let wrongChunk = broken { connection throws(ConnectionEnded) in
        try connection.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz-no-number\r\nhello\r\n0\r\n\r\n")
    }

    /// A first line that is no status line.
    package static let wrongStatusLine = broken { connection throws(ConnectionEnded) in
        try connection.send("HTTP/banana two hundred\r\nContent-Length: 0\r\n\r\n")
    }

    /// `100 Continue` again and again, and never an answer.
    package static func onlyInformational(everyMs: Int) -> Behaviour {
        broken { connection throws(ConnectionEnded) in
            while true {
                try connection.send("HTTP/1.1 100 Continue\r\n\r\n")
                try connection.pause(ms: everyMs)
            }
        }
    }

    /// An answer before which an interim one goes.
    package static let informationalFirst = broken { connection throws(ConnectionEnded) in
        try connection.send("HTTP/1.1 103 Early Hints\r\nLink: </style.css>\r\n\r\n")
        try connection.send(goodAnswer)
    }

    /// A good answer in chunks with a trailer field behind them.
    package static let trailer = broken { connection throws(ConnectionEnded) in
        try connection.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTrailer: X-Sum\r\n\r\n")
        try connection.send("3\r\nok\n\r\n0\r\nX-Sum: 42\r\n\r\n")
    }

    /// What happens after the last byte of an answer.
    package enum Ending: Sendable {
        case close
        case reset
        case hang
    }

    /// Reads the request, then sends exactly these bytes.
    package static func answer(_ bytes: [UInt8], then ending: Ending = .close) -> Behaviour {
        broken { connection throws(ConnectionEnded) in
            try connection.send(bytes)
            switch ending {
            case .close: break
            case .reset:
                // What was sent has to arrive first: the reset would overtake it.
                try connection.pause(ms: 50)
                connection.resetWhenClosed()
            case .hang: try connection.receiveUntilClosed()
            }
        }
    }

    package static func answer(_ text: String, then ending: Ending = .close) -> Behaviour {
        answer(Array(text.utf8), then: ending)
    }

    /// A good header, then `block` over and over.
    package static func endless(after header: String, _ block: String) -> Behaviour {
        broken { connection throws(ConnectionEnded) in
            try connection.send(header)
            try connection.sendEndlessly(block)
        }
    }

    private static let goodAnswer = "HTTP/1.1 200 OK\r\nContent-Length: 3\r\nConnection: close\r\n\r\nok\n"

    private static func broken(
        _ answer: @escaping @Sendable (Connection) throws(ConnectionEnded) -> Void
    ) -> Behaviour {
        Behaviour { connection throws(ConnectionEnded) in
            _ = try HTTPRequest(from: connection)
            try answer(connection)
        }
    }
}
