import Vocabulary

/// The vote over each region's newest word, followed through time. For status and never for counting.
/// Source: docs/uptime.md, rule 12.
struct LiveVerdict {
    private let vote: Vote
    /// A word older than two periods says nothing any more.
    let wordLifeNs: Int64
    /// Before this instant some words that still held may not have been heard: changes then are not known.
    private let knownFrom: Instant
    /// One for each region of the era; nil: none that still holds.
    private(set) var words: [Word?]
    private(set) var verdict = Verdict.unknown
    /// When it last became `verdict`; nil: not known.
    private(set) var since: Instant?

    struct Word: Hashable {
        let verdict: Verdict
        let cause: Cause
        let at: Instant
    }

    init(_ era: Era, knownFrom: Instant) {
        vote = era.vote
        wordLifeNs = 2 * era.periodNs
        self.knownFrom = knownFrom
        words = Array(repeating: nil, count: era.regions.count)
    }

    /// Samples come in the order of their starts.
    mutating func hear(_ region: Int, _ verdict: Verdict, _ cause: Cause, at instant: Instant) {
        forget(at: instant)
        let isNews = words[region]?.verdict != verdict
        words[region] = Word(verdict: verdict, cause: cause, at: instant)
        if isNews { decide(at: instant) }
    }

    /// The same word again, while all others still hold: nothing is decided anew.
    mutating func hearAgain(_ region: Int, _ verdict: Verdict, _ cause: Cause, at instant: Instant) {
        words[region] = Word(verdict: verdict, cause: cause, at: instant)
    }

    /// Lets the words that have grown too old by `now` go, each at its own instant.
    mutating func forget(at now: Instant) {
        while let oldest = words.lazy.compactMap({ $0?.at }).min(), now - oldest > wordLifeNs {
            for region in words.indices where words[region]?.at == oldest { words[region] = nil }
            decide(at: oldest + wordLifeNs)
        }
    }

    private mutating func decide(at instant: Instant) {
        var known = 0
        var down = 0
        var degraded = 0
        for case .some(let word) in words where word.verdict.isKnown {
            known += 1
            if word.verdict == .down { down += 1 }
            if word.verdict == .degraded { degraded += 1 }
        }
        let decided = vote.decide(known: known, down: down, degraded: degraded).verdict
        guard decided != verdict else { return }
        verdict = decided
        since = instant >= knownFrom ? instant : nil
    }
}
