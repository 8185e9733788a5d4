import Loopback

enum FreePort {
    /// A port that nobody listens on any more, for a program that has to be told one.
    static func take() throws -> Int {
        let server = try LoopbackServer(.silent)
        defer { server.stop() }
        return server.port
    }
}
