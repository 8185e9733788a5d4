import Accounting
import Vocabulary

/// The uptime report as one JSON object; every key is always there, null where it does not apply.
package enum ReportJSON: ReportFormat {
    package static let name = "json"
    package static let contentType = ContentType.json

    package static func render(_ figures: Figures, _ style: TextStyle) -> String { render(figures) }

    /// `cores`: share out the checks.
    package static func render(_ figures: Figures, _ cores: any Cores = OneCore()) -> String {
        let json = JSON.object([
            "window": .window(figures.window, figures.zone),
            "checks": .array(cores.map(figures.checks) { check($0).written(at: 2) }),
        ])
        return json.prettyText + "\n"
    }

    private static func check(_ check: CheckFigures) -> JSON {
        .object([
            "check": .string(check.check), "title": .string(check.title), "kind": .string(check.kind),
            "period_s": .seconds(check.periodNs),
            "uptime": check.sums.uptime.json, "uptime_worst": check.sums.worst.json,
            "uptime_best": check.sums.best.json, "coverage": check.sums.coverage.json,
            "seconds": check.sums.secondsJSON, "slots": check.slots.slotsJSON,
            "response_ms": check.response.json, "legs_ms": legs(check.legs), "failures": failures(check.failures),
            "apdex": check.apdex?.score.json ?? .null, "apdex_counts": check.apdex.json,
            "regions": .array(check.regions.map { region($0) }),
            "days": .array(check.days.map { day($0, check.outages) }),
            "outages": .array(check.outages.map(\.json)), "partials": .array(check.partials.map(\.json)),
            "regional": .array(check.regional.map(\.json)),
            "blips": .array(check.blips.map(\.json)), "exclusions": .array(check.exclusions.map { exclusion($0) }),
            "corrections": .array(check.corrections.map(\.json)), "uncorrected": uncorrected(check.uncorrected),
            "generated": .bool(check.hasGenerated), "samples_from": .instant(check.slotsFrom),
        ])
    }

    private static func legs(_ legs: [ResponseFigures?]) -> JSON {
        .object(
            Leg.allCases.map { leg in
                let index = Int(leg.rawValue)
                return JSON.Member(key: leg.name, value: index < legs.count ? legs[index].json : .null)
            })
    }

    private static func failures(_ failures: [CheckFigures.CauseCount]) -> JSON {
        .object(failures.map { JSON.Member(key: $0.cause.name, value: .int(Int64($0.count))) })
    }

    private static func region(_ region: RegionFigures) -> JSON {
        .object([
            "region": .string(region.region), "country": .optional(region.country), "uptime": region.sums.uptime.json,
            "coverage": region.sums.coverage.json, "seconds": region.sums.secondsJSON,
            "response_ms": region.response.json,
        ])
    }

    private static func day(_ day: DayFigures, _ outages: [Outage]) -> JSON {
        .object([
            "date": .string("\(day.date)"), "seconds": day.sums.secondsJSON, "uptime": day.sums.uptime.json,
            "outages": .array(outages.filter { $0.slots.overlaps(day.interval) }.map(\.json)),
        ])
    }

    private static func exclusion(_ exclusion: ExclusionFigures) -> JSON {
        .object([
            "from": .instant(exclusion.interval.start), "to": .instant(exclusion.end),
            "source": .string(exclusion.source), "seconds": .seconds(exclusion.excludedNs),
        ])
    }

    private static func uncorrected(_ sums: Sums?) -> JSON {
        guard let sums else { return .null }
        return .object(["uptime": sums.uptime.json, "seconds": sums.secondsJSON])
    }
}
