/// What a server does with each connection. The families stand in files of their own: `Behaviour+HTTP`,
/// `Behaviour+BrokenHTTP`, `Behaviour+TCP`, `Behaviour+TLS`; a new one is one more function there.
package struct Behaviour: Sendable {
    /// False: the socket does not listen, and the kernel refuses.
    let accepts: Bool
    let serve: @Sendable (Connection) throws(ConnectionEnded) -> Void

    init(_ serve: @escaping @Sendable (Connection) throws(ConnectionEnded) -> Void) {
        accepts = true
        self.serve = serve
    }

    private init() {
        accepts = false
        serve = { _ in }
    }

    /// Nobody listens: connecting is refused.
    package static let refuse = Behaviour()
}
