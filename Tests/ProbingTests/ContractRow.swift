import Vocabulary

/// One probe of a contract table: what is asked, and what has to be seen.
struct ContractRow: Sendable {
    let name: String
    let check: Check
    /// How packets leave the region it is asked from.
    let route: Route
    let expected: Seen

    /// `allow`: the exceptions to `block_private`; nil: nothing is blocked.
    init(
        _ name: String, _ kind: String, _ settings: SettingLiteral, expect: SettingLiteral? = nil,
        timeoutMs: Int64 = 5000, family: AddressFamily = .any, source: String? = nil, route: Route = Route(),
        allow: [String]? = nil,
        is expected: Seen
    ) {
        self.name = name
        self.route = route.or(Route(source: source.flatMap { IPAddress($0) }))
        self.expected = expected
        check = Check(
            name: name, kind: kind, settings: settings.setting(path: "checks[0].\(kind)"),
            expect: expect?.setting(path: "checks[0].expect"), timeoutNs: timeoutMs * Duration.millisecondNs,
            family: family, blocksPrivate: allow != nil, allow: (allow ?? []).compactMap { try? AddressRange($0) })
    }
}

/// What a sample says about the target.
struct Seen: Equatable, Sendable, CustomStringConvertible {
    let cause: Cause
    let unmet: Severity?
    let status: UInt16

    init(_ cause: Cause, _ unmet: Severity?, _ status: UInt16 = 0) {
        self.cause = cause
        self.unmet = unmet
        self.status = status
    }

    init(_ sample: Sample) { self.init(sample.cause, sample.unmet, sample.status) }

    static let up = Seen(.ok, nil)
    static func up(_ status: UInt16) -> Seen { Seen(.ok, nil, status) }
    static func failed(_ cause: Cause, _ status: UInt16 = 0) -> Seen { Seen(cause, .fail, status) }
    static func degraded(_ cause: Cause, _ status: UInt16 = 0) -> Seen { Seen(cause, .degrade, status) }

    var description: String { "\(cause.name), \(unmet?.name ?? "met"), status \(status)" }
}
