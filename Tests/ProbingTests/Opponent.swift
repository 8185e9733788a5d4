import Loopback
import Testing

/// A row of a contract table with a server of its own to ask.
struct Opponent: Sendable {
    private let name: String
    private let behaviour: Behaviour
    private let settings: [(key: String, value: SettingLiteral)]
    private let body: SettingLiteral?
    private let timeoutMs: Int64
    private let expected: Seen

    /// `sees`: a pattern that the body has to match.
    init(
        _ name: String, _ behaviour: Behaviour, _ settings: [(key: String, value: SettingLiteral)] = [],
        sees pattern: String? = nil, timeoutMs: Int64 = 5000, is expected: Seen
    ) {
        self.name = name
        self.behaviour = behaviour
        self.settings = settings
        body = pattern.map { ["body": ["matches": .text($0)]] }
        self.timeoutMs = timeoutMs
        self.expected = expected
    }

    /// Hears the head of a request, then says `text`, and does what is `then` to be done.
    init(
        _ name: String, says text: String, then acts: [Behaviour.Act] = [.end],
        _ settings: [(key: String, value: SettingLiteral)] = [], sees pattern: String? = nil, timeoutMs: Int64 = 5000,
        is expected: Seen
    ) {
        self.init(
            name, .script([.hear("\r\n\r\n"), .say(text)] + acts), settings, sees: pattern, timeoutMs: timeoutMs,
            is: expected)
    }

    fileprivate func server(_ identity: ServerIdentity?, alpn: String?) throws -> LoopbackServer {
        try LoopbackServer(behaviour, identity: identity, alpn: alpn)
    }

    fileprivate func row(asking server: LoopbackServer, isTLS: Bool, _ more: [(key: String, value: SettingLiteral)])
        -> ContractRow
    {
        let url: SettingLiteral = "\(isTLS ? "https" : "http")://\(server.hostAndPort)/"
        return ContractRow(
            name, "http", .map([(key: "url", value: url)] + more + settings), expect: body, timeoutMs: timeoutMs,
            is: expected)
    }
}

extension Behaviour.Act {
    /// Once what was said has arrived: a reset would overtake it.
    static let resetLater: [Behaviour.Act] = [.pause(ms: 50), .reset]
    static let hang: [Behaviour.Act] = []
}

/// Asks each opponent with its own settings and those that all share. `identity`: they speak TLS, and agree on `alpn`.
func expectContract(
    with opponents: [Opponent], _ settings: [(key: String, value: SettingLiteral)] = [],
    identity: ServerIdentity? = nil, alpn: String? = nil, sourceLocation: SourceLocation = #_sourceLocation
) async throws {
    let servers = try opponents.map { try $0.server(identity, alpn: alpn) }
    let rows = zip(opponents, servers).map { $0.row(asking: $1, isTLS: identity != nil, settings) }
    try await expectContract(rows, sourceLocation: sourceLocation)
    for server in servers { server.stop() }
}
