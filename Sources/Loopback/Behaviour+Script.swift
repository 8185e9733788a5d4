extension Behaviour {
    /// One thing that a scripted server does.
    package enum Act: Sendable {
        case say(String)
        case sayBytes([UInt8])
        /// Waits until it has heard a text.
        case hear(String)
        /// Waits for so many bytes.
        case hearBytes(Int)
        case pause(ms: Int)
        /// Says a text, one byte every so often.
        case drip(String, everyMs: Int)
        /// Ends what it says, and listens on.
        case end
        /// Ends the connection the hard way.
        case reset
        /// Says the same for ever.
        case repeatEndlessly(String)
    }

    /// Does one after the other, then stays open.
    package static func script(_ acts: [Act]) -> Behaviour {
        Behaviour { connection throws(ConnectionEnded) in
            for act in acts {
                switch act {
                case .say(let text): try connection.send(text)
                case .sayBytes(let bytes): try connection.send(bytes)
                case .hear(let text): _ = try connection.receive(until: text)
                case .hearBytes(let count): _ = try connection.receive(count: count)
                case .pause(let ms): try connection.pause(ms: ms)
                case .drip(let text, let everyMs):
                    for byte in text.utf8 {
                        try connection.send([byte])
                        try connection.pause(ms: everyMs)
                    }
                case .end: try connection.finishOrderly()
                case .reset: return connection.resetWhenClosed()
                case .repeatEndlessly(let text): try connection.sendEndlessly(text)
                }
            }
            try connection.receiveUntilClosed()
        }
    }
}
