import Vocabulary

/// One notification on its way to one channel.
package struct OutboxItem: Hashable, Sendable {
    package let id: Int64
    package let channel: String
    package let notification: Notification
    /// Deliveries tried so far.
    package let attempts: Int
    /// What the last of them met; nil before the first.
    package let failure: String?

    package init(id: Int64, channel: String, notification: Notification, attempts: Int = 0, failure: String? = nil) {
        self.id = id
        self.channel = channel
        self.notification = notification
        self.attempts = attempts
        self.failure = failure
    }
}
