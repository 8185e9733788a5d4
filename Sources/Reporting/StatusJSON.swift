import Accounting
import Vocabulary

package enum StatusJSON: StatusFormat {
    package static let name = "json"
    package static let contentType = ContentType.json

    package static func render(_ status: Status, _ style: TextStyle) -> String { render(status) }

    package static func render(_ status: Status) -> String {
        let checks = status.lines.map { line in
            JSON.object([
                "check": .string(line.check), "verdict": .string(line.verdict.name), "since": .instant(line.since),
                "response_ms": .milliseconds(us: line.responseUs), "uptime_today": line.today.uptime.json,
                "uptime_month": line.month.uptime.json,
                "regions": .object(
                    line.regions.map { JSON.Member(key: $0.region, value: .string($0.verdict.name)) }),
                "generated": .bool(line.hasGenerated), "paused": .bool(line.isPaused),
            ])
        }
        return JSON.object([
            "checks": .array(checks), "doubting": .array(status.doubting.map { .string($0) }),
            "store_fault": .optional(status.storeFault),
        ]).prettyText + "\n"
    }
}
