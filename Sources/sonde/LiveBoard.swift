import Reporting
import Synchronization
import Vocabulary

/// Where the core loop puts up what it knows, once a second, for the pages.
final class LiveBoard: Sendable {
    /// Guards the last copy. Neither side holds it for longer than an assignment.
    private let facts = Mutex(LiveFacts())

    func put(_ facts: LiveFacts) { self.facts.withLock { $0 = facts } }
    var latest: LiveFacts { facts.withLock { $0 } }
}
