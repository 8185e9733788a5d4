/// What a server does with each connection. The families stand in files of their own: `Behaviour+HTTP`,
/// `Behaviour+BrokenHTTP`, `Behaviour+TCP`, `Behaviour+TLS`; a new one is one more function there.
package struct Behaviour: Sendable {
    /// What becomes of those who connect.
    enum Listening: Sendable {
        /// They are served.
        case accepts
        /// The socket does not listen, and the kernel refuses them.
        case refuses
        /// The backlog is full, and the kernel does not answer them.
        case ignores
    }

    let listening: Listening
    let serve: @Sendable (Connection) throws(ConnectionEnded) -> Void

    init(_ serve: @escaping @Sendable (Connection) throws(ConnectionEnded) -> Void) {
        listening = .accepts
        self.serve = serve
    }

    private init(_ listening: Listening) {
        self.listening = listening
        serve = { _ in }
    }

    /// Nobody listens: connecting is refused.
    package static let refuse = Behaviour(.refuses)

    /// Connecting is neither refused nor accepted: a connection never comes to stand.
    package static let deaf = Behaviour(.ignores)
}
