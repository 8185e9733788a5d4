import Vocabulary

/// What every probe of one reactor shares: its epoll set, its resolvers, the plan, and the finished samples of this
/// turn.
final class ReactorCore {
    let book: ProbeBook
    let poll: Poll
    let names: Names
    /// The samples of this turn, in the order they were finished.
    var finished: [Sample] = []

    init(book: ProbeBook) throws(ReactorError) {
        self.book = book
        poll = try Poll()
        names = try Names(poll: poll, book.resolvers)
        finished.reserveCapacity(256)
    }

    /// A probe that could not even be begun, by our own fault.
    func refuse(_ due: Due, _ cause: Cause) {
        let start = Instant(nanoseconds: ReactorClock.wallNs())
        let words = "the probe was not started: too many are under way"
        finished.append(Sample(due: due, start: start, cause: cause, unmet: .fail, findings: Findings(detail: words)))
    }
}
