// In: notifications that are due, from the core loop.
// Out: what became of each delivery.
// Must never: decide whom to tell, write the ledger, read a clock, or put a secret into a message.
import Vocabulary

/// Where notifications go. A new kind is one file and one line in `ChannelKinds.swift`; it decodes its own settings
/// and describes them.
package protocol Channel: Sendable {
    /// The key it goes by in the configuration, `webhook`.
    static var kind: String { get }
    /// What may stand under that key.
    static var keys: [SettingDescription] { get }

    /// nil when the settings have a mistake; it stands in `mistakes` then.
    static func make(_ plan: ChannelPlan, _ mistakes: inout Mistakes) -> Self?

    /// Delivers once, and says what came of it. Blocks at most for the channel's timeout; when `stop` is raised it
    /// ends at once as `failed`. Any thread may call, several at a time.
    func send(_ notification: Notification, stop: StopSignal) -> Delivery
}

extension Channel {
    package func send(_ notification: Notification) -> Delivery { send(notification, stop: .never) }
}

/// What became of one delivery. The texts say why in one line and hold no secrets.
package enum Delivery: Hashable, Sendable {
    case delivered
    /// Trying again may help.
    case failed(String)
    /// The receiver will not take it, however often it is asked.
    case rejected(String)
}
