import Config
import Vocabulary

/// A reader that knows the kinds and channels of today, with an environment of the test's own.
func configReader(_ environment: [String: String] = [:]) -> ConfigReader {
    ConfigReader(
        kinds: [
            KindName(name: "http", shortKey: "url"), KindName(name: "tcp", shortKey: "address"),
            KindName(name: "tls", shortKey: "address"),
        ],
        channelKinds: ["webhook", "command"], environment: environment)
}

extension ConfigReading {
    /// As they are printed, one a line.
    var messages: [String] { mistakes.all.map(\.description) }
}

/// The plan of `text`, or nil with the mistakes in the failure's message.
func readPlan(_ text: String, environment: [String: String] = [:]) throws -> Plan {
    let reading = configReader(environment).read(text: text, path: "sonde.yaml")
    guard let plan = reading.plan else { throw Unreadable(messages: reading.messages) }
    return plan
}

struct Unreadable: Error, CustomStringConvertible {
    let messages: [String]
    var description: String { messages.joined(separator: "\n") }
}
