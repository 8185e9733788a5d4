import Vocabulary

/// The channels of a plan, ready to send.
package final class ChannelBook: Sendable {
    private let channels: [String: any Channel]

    init(_ channels: [String: any Channel]) { self.channels = channels }

    /// nil when a channel's settings have a mistake; all of them stand in `mistakes` then.
    package static func compile(_ plan: Plan, _ mistakes: inout Mistakes) -> ChannelBook? {
        var found = Mistakes()
        var channels: [String: any Channel] = [:]
        for channel in plan.channels {
            guard let kind = ChannelKinds.all.first(where: { $0.kind == channel.kind }) else {
                found.add(
                    channel.settings.place,
                    "unknown kind \"\(channel.kind)\" of channel \"\(channel.name)\""
                        + SettingReader.hint(for: channel.kind, among: ChannelKinds.names))
                continue
            }
            channels[channel.name] = kind.make(channel, &found)
        }
        mistakes.add(found.all)
        return found.isEmpty ? ChannelBook(channels) : nil
    }

    package func channel(named name: String) -> (any Channel)? { channels[name] }

    package var names: [String] { channels.keys.sorted() }
}
