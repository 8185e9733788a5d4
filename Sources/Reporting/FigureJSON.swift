import Accounting
import Vocabulary

// The parts that several JSON outputs share. Keys are a promise: more may be added, none renamed.

extension JSON {
    /// Nanoseconds as seconds: whole ones as integers, others with up to three decimals, rounded down.
    static func seconds(_ durationNs: Int64) -> JSON {
        let milliseconds = durationNs.magnitude / UInt64(Duration.millisecondNs)
        let (whole, fraction) = milliseconds.quotientAndRemainder(dividingBy: 1000)
        let sign = durationNs < 0 && milliseconds > 0 ? "-" : ""
        guard fraction > 0 else { return .number("\(sign)\(whole)") }
        var digits = padded(Int(fraction), 3)
        while digits.hasSuffix("0") { digits.removeLast() }
        return .number("\(sign)\(whole).\(digits)")
    }

    /// `14400` as 14.400.
    static func thousandths(_ number: Int64?) -> JSON {
        number.map { .number("\($0 / 1000).\(padded(Int($0 % 1000), 3))") } ?? .null
    }

    static func window(_ interval: Interval, _ zone: Zone) -> JSON {
        .object(["from": .instant(interval.start), "to": .instant(interval.end), "zone": .string(zone.name)])
    }

    static func strings(_ texts: [String]) -> JSON { .array(texts.map { .string($0) }) }
}

extension Sums {
    var secondsJSON: JSON { json { .seconds($0) } }
    var slotsJSON: JSON { json { .int($0) } }

    private func json(_ value: (Int64) -> JSON) -> JSON {
        .object([
            "up": value(up), "degraded": value(degraded), "down": value(down), "unknown": value(unknown),
            "excluded": value(excluded),
        ])
    }
}

extension ResponseFigures {
    var json: JSON {
        .object([
            "mean": .milliseconds(us: meanUs), "p50": .milliseconds(us: p50Us), "p95": .milliseconds(us: p95Us),
            "p99": .milliseconds(us: p99Us), "max": .milliseconds(us: maxUs),
        ])
    }
}

extension Optional<ApdexFigures> {
    /// Null for a check without a threshold.
    var json: JSON {
        guard let self else { return .null }
        return .object([
            "threshold_ms": .milliseconds(us: self.thresholdNs / Duration.microsecondNs),
            "satisfied": .int(self.satisfied), "tolerating": .int(self.tolerating), "frustrated": .int(self.frustrated),
        ])
    }
}

extension Optional<ResponseFigures> {
    /// Null where there were no good samples.
    var json: JSON { self?.json ?? .null }
}

extension Outage {
    var json: JSON { .object(members) }

    /// With the check's name in front.
    func json(check: String) -> JSON { .object([JSON.Member(key: "check", value: .string(check))] + members) }

    private var members: [JSON.Member] {
        [
            JSON.Member(key: "start", value: .instant(start)),
            JSON.Member(key: "start_earliest", value: .instant(startEarliest)),
            JSON.Member(key: "end", value: .instant(end)),
            JSON.Member(key: "end_earliest", value: .instant(endEarliest)),
            JSON.Member(key: "seconds", value: .seconds(downNs)),
            JSON.Member(key: "unknown_s", value: .seconds(unknownNs)),
            JSON.Member(key: "cause", value: .string(cause.name)),
            JSON.Member(key: "regions", value: .strings(regions)),
        ]
    }
}

extension Spell {
    var json: JSON { .object(members) }

    func json(check: String) -> JSON { .object([JSON.Member(key: "check", value: .string(check))] + members) }

    private var members: [JSON.Member] {
        [
            JSON.Member(key: "start", value: .instant(interval.start)),
            JSON.Member(key: "end", value: .instant(interval.end)),
            JSON.Member(key: "seconds", value: .seconds(interval.durationNs)),
            JSON.Member(key: "cause", value: .string(cause.name)),
            JSON.Member(key: "regions", value: .strings(regions)),
        ]
    }
}

extension CorrectionFigures {
    var json: JSON {
        .object([
            "from": .instant(interval.start), "to": .instant(interval.end), "as": .string(verdict.rawValue),
            "why": .string(why), "seconds": .seconds(changedNs),
        ])
    }
}
