import Alerting
import ArgumentParser
import Vocabulary

struct AlertCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "alert", abstract: "The people's side of alerting.", subcommands: [Test.self])

    struct Test: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "test",
            abstract: "Send a test notification through a channel, and say what came of it.",
            discussion: """
                Example:
                  sonde alert test ops
                """)

        @Argument(help: "The channel.") var channel: String
        @OptionGroup var common: CommonOptions

        func run() throws {
            let plan = try common.plan()
            var mistakes = Mistakes()
            guard let book = ChannelBook.compile(plan, &mistakes) else { throw Failure(mistakes) }
            guard let channel = book.channel(named: channel) else {
                let hint = SettingReader.hint(for: channel, among: plan.channels.map(\.name))
                throw Failure(.usage, "there is no channel \"\(escaped(self.channel))\" in the configuration" + hint)
            }
            let now = SystemClock.now
            let incident = Incident(
                check: "test", title: "Test of channel \(self.channel)", opened: now, cause: .ok, regions: [])
            switch channel.send(Notification(change: .test, time: now, incident: incident)) {
            case .delivered: Output.note("delivered to \(self.channel)")
            case .failed(let why), .rejected(let why):
                throw Failure(.failed, "not delivered to \(self.channel): \(why)")
            }
        }
    }
}
