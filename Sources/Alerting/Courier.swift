import Vocabulary

/// Delivers notifications, each channel on a thread of its own, so that a slow channel delays no other.
package final class Courier: Sendable {
    private let lanes: [String: CourierLane]
    private let report: @Sendable (Int64, Delivery) -> Void

    /// `report` is called once for each id handed in, on the channel's thread, and must have noted the outcome where
    /// ids come from when it returns. It is not called for what `stop` cut off: that stays due.
    package init(book: ChannelBook, report: @escaping @Sendable (Int64, Delivery) -> Void) {
        self.report = report
        var lanes: [String: CourierLane] = [:]
        for name in book.names {
            guard let channel = book.channel(named: name) else { continue }
            lanes[name] = CourierLane(name: name, channel: channel, report: report)
        }
        self.lanes = lanes
    }

    deinit { stop() }

    /// Hands in deliveries; never waits for a channel. An id that is under way already is not taken twice, so the
    /// caller may hand in whatever is due, again and again.
    package func deliver(_ items: [(id: Int64, channel: String, notification: Notification)]) {
        for item in items {
            if let lane = lanes[item.channel] {
                lane.add(item.id, item.notification)
            } else {
                report(item.id, .rejected("\(item.channel): the configuration has no such channel any more"))
            }
        }
    }

    /// Cuts off what is being sent and joins the threads. Idempotent. Not to be called from `report`.
    package func stop() {
        // All are told before one is waited for.
        for lane in lanes.values { lane.askToStop() }
        for lane in lanes.values { lane.join() }
    }
}
