/// What one slot says. The numbers are stored: a slot never written is all zero and so unknown.
@usableFromInline package enum Verdict: UInt8, Hashable, Sendable, CaseIterable {
    case unknown = 0
    case up = 1
    case degraded = 2
    case down = 3

    package var name: String {
        switch self {
        case .unknown: "unknown"
        case .up: "up"
        case .degraded: "degraded"
        case .down: "down"
        }
    }

    package init?(name: some StringProtocol) {
        guard let verdict = Verdict.allCases.first(where: { $0.name == name }) else { return nil }
        self = verdict
    }

    @inlinable package var isKnown: Bool { self != .unknown }
    /// Counts as up: up or degraded.
    @inlinable package var isGood: Bool { self == .up || self == .degraded }
    /// Order of how bad it is when one word must stand for many: down, unknown, degraded, up.
    package var badness: Int {
        switch self {
        case .up: 0
        case .degraded: 1
        case .unknown: 2
        case .down: 3
        }
    }
}

/// How much an expectation that is not met weighs.
@usableFromInline package enum Severity: UInt8, Hashable, Sendable, Comparable, CaseIterable {
    case warn = 1
    case degrade = 2
    case fail = 3

    package var name: String {
        switch self {
        case .warn: "warn"
        case .degrade: "degrade"
        case .fail: "fail"
        }
    }

    package init?(name: String) {
        guard let severity = Severity.allCases.first(where: { $0.name == name }) else { return nil }
        self = severity
    }

    @inlinable package static func < (left: Severity, right: Severity) -> Bool { left.rawValue < right.rawValue }
}

/// The rule that makes one check verdict of its regions' verdicts.
@usableFromInline package enum Vote: Hashable, Sendable {
    case any
    case majority
    case all
    case atLeast(Int)

    package var name: String {
        switch self {
        case .any: "any"
        case .majority: "majority"
        case .all: "all"
        case .atLeast(let count): "\(count)"
        }
    }

    package init?(name: String) {
        switch name {
        case "any": self = .any
        case "majority": self = .majority
        case "all": self = .all
        default:
            guard let count = Int(name), count >= 1 else { return nil }
            self = .atLeast(count)
        }
    }

    /// What the regions' verdicts of one slot make together. Source: docs/uptime.md, rule 2.
    /// `known`: regions not unknown; `down` and `degraded`: those of them with that verdict.
    @inlinable package func decide(known: Int, down: Int, degraded: Int) -> Vote.Result {
        guard known > 0 else { return Result(verdict: .unknown, isPartial: false) }
        let isDown =
            switch self {
            case .any: down >= 1
            case .majority: 2 * down > known
            case .all: down == known
            case .atLeast(let count): down >= min(count, known)
            }
        if isDown { return Result(verdict: .down, isPartial: false) }
        return Result(verdict: 2 * degraded > known ? .degraded : .up, isPartial: down >= 1)
    }

    @usableFromInline package struct Result: Hashable, Sendable {
        @usableFromInline package let verdict: Verdict
        /// Some regions were down, too few for the vote.
        @usableFromInline package let isPartial: Bool

        @inlinable package init(verdict: Verdict, isPartial: Bool) {
            self.verdict = verdict
            self.isPartial = isPartial
        }
    }
}
