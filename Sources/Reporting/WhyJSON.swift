import Accounting
import Vocabulary

/// One slot explained, as one JSON object.
package enum WhyJSON: WhyFormat {
    package static let name = "json"
    package static let contentType = ContentType.json

    package static func render(_ why: Explanation, zone: Zone, _ style: TextStyle) -> String { render(why) }

    package static func render(_ why: Explanation) -> String {
        let (windows, pauses) = why.exclusions.reduce(into: ([JSON](), [JSON]())) { lists, exclusion in
            if exclusion.source == .pause { lists.1.append(json(exclusion)) } else { lists.0.append(json(exclusion)) }
        }
        return JSON.object([
            "check": .string(why.check),
            "slot": .object(["from": .instant(why.slot.start), "to": .instant(why.slot.end)]),
            "regions": .array(
                why.regions.map { .object(["region": .string($0.region), "sample": sample($0)]) }),
            "vote": .object([
                "rule": .string(why.vote.name), "known": .int(Int64(why.known)), "down": .int(Int64(why.down)),
                "degraded": .int(Int64(why.degraded)), "partial": .bool(why.isPartial), "blip": .bool(why.isBlip),
            ]),
            "maintenance": .array(windows), "pauses": .array(pauses),
            "corrections": .array(
                why.corrections.map {
                    .object([
                        "from": .instant($0.interval.start), "to": .instant($0.interval.end),
                        "as": .string($0.verdict.rawValue), "why": .string($0.why),
                    ])
                }),
            "verdict": .string(why.verdict.name), "samples_gone": .bool(why.isSummary),
            "standing": .string(why.standing.rawValue),
            "counted": .optional(why.counted.map { Words.state($0) }), "outage": why.outage?.json ?? .null,
        ]).prettyText + "\n"
    }

    private static func json(_ exclusion: Exclusion) -> JSON {
        .object([
            "from": .instant(exclusion.interval.start),
            "to": exclusion.interval.end.nanoseconds == .max ? .null : .instant(exclusion.interval.end),
            "source": .string(exclusion.source.text), "after_the_fact": .bool(exclusion.isAfterTheFact),
        ])
    }

    /// Null where nothing was kept.
    private static func sample(_ word: Explanation.RegionWord) -> JSON {
        guard word.slot.isWritten else { return .null }
        let slot = word.slot
        let exact = slot.legs
        return .object([
            "time": .instant(word.start), "verdict": .string(slot.verdict.name), "cause": .string(slot.cause.name),
            "status": slot.status > 0 ? .int(Int64(slot.status)) : .null,
            "total_ms": .milliseconds(us: Int64(slot.totalUs)),
            "legs_ms": .object(
                Leg.allCases.map { JSON.Member(key: $0.name, value: .milliseconds(us: Int64(exact[$0]))) }),
            "marks": .strings(slot.marks.names),
        ])
    }
}
