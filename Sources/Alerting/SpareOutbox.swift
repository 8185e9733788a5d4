import Vocabulary

/// Notifications that the ledger could not take: told from memory meanwhile, in the same order and with the same
/// retries, and handed over once it takes them.
package struct SpareOutbox: Sendable {
    /// Notifications that are held at most; more are lost.
    package static let notificationsMax = 1_000

    /// One notification on its way to one channel. Its number is below 0, as none of the ledger's is.
    package struct Item: Hashable, Sendable {
        package let id: Int64
        package let channel: String
        package let notification: Notification
    }

    private struct Entry {
        let notification: Notification
        /// To the channels that do not have it yet.
        var letters: [Letter]
        var isUnderWay: Bool { letters.contains(where: \.isUnderWay) }
    }

    private struct Letter {
        let id: Int64
        let channel: String
        var attempts = 0
        var nextAttempt: Instant
        var isUnderWay = false
    }

    /// Oldest first.
    private var entries: [Entry] = []
    private var newestID: Int64 = 0

    package init() {}

    package var count: Int { entries.count }

    package func holds(incident id: String) -> Bool { entries.contains { $0.notification.incident.id == id } }

    /// Holds a notification, due at once; a key that is held already adds nothing. False when there is no room.
    package mutating func add(_ notification: Notification, channels: [String]) -> Bool {
        if entries.contains(where: { $0.notification.key == notification.key }) { return true }
        guard entries.count < SpareOutbox.notificationsMax else { return false }
        let letters = channels.map { channel in
            newestID -= 1
            return Letter(id: newestID, channel: channel, nextAttempt: notification.time)
        }
        entries.append(Entry(notification: notification, letters: letters))
        return true
    }

    /// What is to be sent now; it counts as under way until `note`. Of one incident a channel gets a change only once
    /// it has those before it. `waiting`: the channels for which the ledger still has an earlier one of an incident.
    package mutating func due(at now: Instant, waiting: (_ incident: String) -> Set<String>) -> [Item] {
        var items: [Item] = []
        var earlier: [String: Set<String>] = [:]
        for index in entries.indices {
            let notification = entries[index].notification
            let incident = notification.incident.id
            for place in entries[index].letters.indices {
                let letter = entries[index].letters[place]
                if earlier[incident] == nil { earlier[incident] = waiting(incident) }
                guard earlier[incident]?.insert(letter.channel).inserted == true, !letter.isUnderWay,
                    letter.nextAttempt <= now
                else { continue }
                entries[index].letters[place].isUnderWay = true
                items.append(Item(id: letter.id, channel: letter.channel, notification: notification))
            }
        }
        return items
    }

    /// What became of a delivery. Gives back when it is tried again; nil when it is not.
    package mutating func note(_ id: Int64, _ delivery: Delivery, at now: Instant) -> Instant? {
        for index in entries.indices {
            guard let place = entries[index].letters.firstIndex(where: { $0.id == id }) else { continue }
            var letter = entries[index].letters[place]
            letter.attempts += 1
            letter.isUnderWay = false
            if case .failed = delivery, let next = Retry.nextAttempt(attempts: letter.attempts, now: now) {
                letter.nextAttempt = next
                entries[index].letters[place] = letter
                return next
            }
            entries[index].letters.remove(at: place)
            return nil
        }
        return nil
    }

    /// Nothing is under way any more: the courier has stopped.
    package mutating func recall() {
        for index in entries.indices {
            for place in entries[index].letters.indices { entries[index].letters[place].isUnderWay = false }
        }
    }

    /// Gives to the ledger what it takes, oldest first, each with the channels that do not have it yet; ends where it
    /// refuses. What is under way stays, and what came later of its incident.
    package mutating func handOver(_ take: (Notification, _ channels: [String]) -> Bool) {
        var staying: Set<String> = []
        var isRefused = false
        entries.removeAll { entry in
            let incident = entry.notification.incident.id
            guard !isRefused, !staying.contains(incident), !entry.isUnderWay else {
                staying.insert(incident)
                return false
            }
            isRefused = !take(entry.notification, entry.letters.map(\.channel))
            return !isRefused
        }
    }
}
