/// Servers that speak HTTP/2 without TLS, frame by frame, well and badly. Source: RFC 9113.
extension Behaviour {
    /// Waits for the whole request, then sends `frames`. `later`: those once the ones before have been taken.
    /// `repeating`: then those over and over; empty: stays open.
    package static func http2(
        _ frames: [HTTP2Frame], later: [HTTP2Frame] = [], repeating: [HTTP2Frame] = [], then ending: Ending = .hang
    ) -> Behaviour {
        Behaviour { connection throws(ConnectionEnded) in
            try connection.receiveHTTP2Request()
            try connection.send(frames.flatMap(\.bytes))
            if !later.isEmpty {
                // Longer than the reader needs: it is not asked, for libcurl does not answer pings at once.
                try connection.pause(ms: 300)
                try connection.send(later.flatMap(\.bytes))
            }
            if !repeating.isEmpty {
                let block = repeating.flatMap(\.bytes)
                while true { try connection.send(block) }
            }
            switch ending {
            // What the client says to the last frames would meet a closed connection.
            case .close: try connection.finishOrderly()
            case .reset:
                // What was sent has to arrive first: the reset would overtake it.
                try connection.pause(ms: 50)
                connection.resetWhenClosed()
            case .hang: try connection.receiveUntilClosed()
            }
        }
    }
}

/// A frame as it is sent.
package struct HTTP2Frame: Sendable {
    package let bytes: [UInt8]

    /// `type`, `flags`: by their numbers. `stream`: 0 for the connection, 1 for the request.
    package init(type: UInt8, flags: UInt8 = 0, stream: UInt8 = 0, _ payload: [UInt8] = []) {
        let count = payload.count
        bytes =
            [
                UInt8(truncatingIfNeeded: count >> 16), UInt8(truncatingIfNeeded: count >> 8),
                UInt8(truncatingIfNeeded: count),
            ]
            + [type, flags, 0, 0, 0, stream] + payload
    }

    package static let settings = HTTP2Frame(type: 4)
    package static let settingsTaken = HTTP2Frame(type: 4, flags: 1)
    package static let ping = HTTP2Frame(type: 6, [UInt8](repeating: 7, count: 8))
    /// `:status 200`, by its number in the static table of RFC 7541.
    package static func ok(isLast: Bool) -> HTTP2Frame {
        HTTP2Frame(type: 1, flags: isLast ? 5 : 4, stream: 1, [0x88])
    }
    package static func data(_ text: String, isLast: Bool) -> HTTP2Frame {
        HTTP2Frame(type: 0, flags: isLast ? 1 : 0, stream: 1, Array(text.utf8))
    }
    /// `code`: RFC 9113, 7.
    package static func reset(_ code: UInt8) -> HTTP2Frame { HTTP2Frame(type: 3, stream: 1, [0, 0, 0, code]) }
    /// `last`: the last stream that was taken.
    package static func goAway(last: UInt8, _ code: UInt8) -> HTTP2Frame {
        HTTP2Frame(type: 7, [0, 0, 0, last, 0, 0, 0, code])
    }
}

extension Connection {
    /// Reads the client's preface and its frames up to those of the request's header.
    fileprivate func receiveHTTP2Request() throws(ConnectionEnded) {
        _ = try receive(count: 24)
        while true {
            let head = try receive(count: 9)
            let length = Int(head[0]) << 16 | Int(head[1]) << 8 | Int(head[2])
            _ = try receive(count: length)
            if head[3] == 1 { return }
        }
    }
}
