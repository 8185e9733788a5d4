/// What a probe on a plain socket says and wants to hear, in order.
struct Dialogue: Sendable {
    /// Most turns of one dialogue.
    static let turnsMax = 32

    enum Turn: Sendable {
        /// Goes out.
        case send([UInt8])
        /// Searched in what comes after the turn before.
        case expect(Pattern)
        /// Shakes hands here and not at once.
        case starttls
    }

    let turns: [Turn]
    /// Whether TLS begins before the first turn, when there is TLS at all.
    let shakesFirst: Bool

    init(_ turns: [Turn] = []) {
        self.turns = turns
        shakesFirst = !turns.contains { $0.isHandshake }
    }

    /// Whether anything is still to be heard from `turn` on.
    func hears(from turn: Int) -> Bool { turns[turn...].contains { $0.pattern != nil } }
}

extension Dialogue.Turn {
    var pattern: Pattern? {
        if case .expect(let pattern) = self { return pattern }
        return nil
    }

    fileprivate var isHandshake: Bool {
        if case .starttls = self { return true }
        return false
    }
}
