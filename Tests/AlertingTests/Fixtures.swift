import Foundation
import Support
import Synchronization
import Vocabulary

@testable import Alerting

let noon = Instant(rfc3339: "2026-11-22T12:00:00Z")!

func notification(
    _ change: Vocabulary.Notification.Change = .opened, title: String = "Shop \"quoted\" 商店"
) -> Vocabulary.Notification {
    let incident = Incident(
        check: "shop", title: title, opened: noon, closed: change == .closed ? noon + 90 * Duration.secondNs : nil,
        cause: .status5xx, regions: ["tw", "jp"], outages: [Incident.IncidentOutage(start: noon - 7)])
    return Notification(change: change, time: noon + Duration.secondNs, incident: incident)
}

/// Settings as a test writes them; all of them stand at one place of one file.
indirect enum SettingLiteral: ExpressibleByStringInterpolation, ExpressibleByArrayLiteral,
    ExpressibleByDictionaryLiteral
{
    case text(SettingText)
    case list([SettingLiteral])
    case map([(String, SettingLiteral)])

    init(stringLiteral value: String) { self = .text(SettingText(value)) }
    init(arrayLiteral elements: SettingLiteral...) { self = .list(elements) }
    init(dictionaryLiteral elements: (String, SettingLiteral)...) { self = .map(elements) }

    static func secret(_ value: String, shown: String) -> SettingLiteral {
        .text(SettingText(shown: shown, value: value, secrets: [value]))
    }

    func setting(_ path: String, file: String = "sonde.yaml") -> Setting {
        let place = Place(file: file, line: 3, column: 5)
        let node: Setting.Node =
            switch self {
            case .text(let text): .text(text)
            case .list(let items):
                .list(items.enumerated().map { $0.element.setting("\(path)[\($0.offset)]", file: file) })
            case .map(let members):
                .map(
                    members.map { key, value in
                        Setting.Entry(key: key, place: place, value: value.setting("\(path).\(key)", file: file))
                    })
            }
        return Setting(place: place, path: path, node: node)
    }
}

/// A channel named "ops", or the mistakes in its settings.
func channel(
    _ kind: String, _ settings: SettingLiteral, file: String = "sonde.yaml"
) -> (channel: (any Channel)?, mistakes: [String]) {
    let plan = Plan(
        store: StorePlan(path: "data"), listen: ListenAddress(host: "127.0.0.1", port: 0), zone: .utc,
        regions: [Region(name: "local")], checks: [],
        channels: [
            ChannelPlan(
                name: "ops", kind: kind, settings: settings.setting("channels.ops.\(kind)", file: file))
        ])
    var mistakes = Mistakes()
    let book = ChannelBook.compile(plan, &mistakes)
    return (book?.channel(named: "ops"), mistakes.all.map(\.description))
}

/// Values that threads hand to a test, in order.
final class Handed<Value: Sendable>: Sendable {
    let values: AsyncStream<Value>
    private let continuation: AsyncStream<Value>.Continuation

    init() { (values, continuation) = AsyncStream.makeStream() }

    func put(_ value: Value) { continuation.yield(value) }

    /// Waits for the next `count`.
    func take(_ count: Int) async -> [Value] {
        var taken: [Value] = []
        guard count > 0 else { return taken }
        for await value in values {
            taken.append(value)
            if taken.count == count { break }
        }
        return taken
    }
}
