/// The kinds of channels there are: a new one is a file of its own and a line here.
package enum ChannelKinds {
    package static let all: [any Channel.Type] = [
        WebhookChannel.self,
        CommandChannel.self,
    ]

    package static var names: [String] { all.map { $0.kind } }
}
