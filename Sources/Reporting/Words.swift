import Accounting
import Vocabulary

/// Figures as people read them. Everything is floored or exact, except milliseconds, which are rounded.
enum Words {
    /// `99.820 %`; `no data` when nothing is known.
    static func percent(_ ratio: Ratio) -> String { ratio.percentText.map { "\($0) %" } ?? noData }

    static let noData = "no data"

    /// `3 min`, `1 h 12 min 5 s`, `29 d 2 h`, `250 ms`; below a second floored to milliseconds, else to seconds.
    static func duration(_ durationNs: Int64) -> String {
        guard durationNs >= Duration.secondNs else {
            return durationNs <= 0 ? "0 s" : "\(max(1, durationNs / Duration.millisecondNs)) ms"
        }
        var rest = durationNs
        var parts: [String] = []
        for unit in units where rest >= unit.ns {
            parts.append("\(rest / unit.ns) \(unit.text)")
            rest %= unit.ns
        }
        return parts.joined(separator: " ")
    }

    private static let units: [(text: String, ns: Int64)] = [
        ("d", Duration.dayNs), ("h", Duration.hourNs), ("min", Duration.minuteNs), ("s", Duration.secondNs),
    ]

    /// `25 h`, `23 h 30 min`: not in days.
    static func hours(_ durationNs: Int64) -> String {
        let minutes = durationNs % Duration.hourNs / Duration.minuteNs
        return "\(durationNs / Duration.hourNs) h" + (minutes > 0 ? " \(minutes) min" : "")
    }

    /// `24 h` for 23 h 59 min: bars begin with a slot, a little after the hours they show.
    static func roughHours(_ durationNs: Int64) -> String {
        let stepNs = durationNs > 2 * Duration.hourNs ? 10 * Duration.minuteNs : Duration.minuteNs
        return hours((durationNs + stepNs / 2) / stepNs * stepNs)
    }

    /// The two largest units: `3 d 2 h`, for ages that grow while one looks.
    static func age(_ durationNs: Int64) -> String {
        duration(durationNs).split(separator: " ").prefix(4).joined(separator: " ")
    }

    /// `1 minute`, `30 seconds`, `1 hour 30 minutes`.
    static func period(_ periodNs: Int64) -> String {
        guard periodNs >= Duration.secondNs else { return "\(periodNs / Duration.millisecondNs) milliseconds" }
        var rest = periodNs
        var parts: [String] = []
        for unit in longUnits where rest >= unit.ns {
            let count = rest / unit.ns
            parts.append("\(count) \(unit.text)\(count == 1 ? "" : "s")")
            rest %= unit.ns
        }
        return parts.joined(separator: " ")
    }

    private static let longUnits: [(text: String, ns: Int64)] = [
        ("day", Duration.dayNs), ("hour", Duration.hourNs), ("minute", Duration.minuteNs),
        ("second", Duration.secondNs),
    ]

    /// Three digits or so: `0.43 ms`, `4.31 ms`, `43.1 ms`, `546 ms`, `12.3 s`.
    static func milliseconds(us: Int64) -> String {
        switch us {
        case ..<10_000: "\(decimals((us + 5) / 10, 2)) ms"
        case ..<100_000: "\(decimals((us + 50) / 100, 1)) ms"
        case ..<10_000_000: "\((us + 500) / 1000) ms"
        default: "\(decimals((us + 50_000) / 100_000, 1)) s"
        }
    }

    /// `number` / 10^digits with that many decimals.
    static func decimals(_ number: Int64, _ digits: Int) -> String {
        var scale: Int64 = 1
        for _ in 0..<digits { scale *= 10 }
        return "\(number / scale).\(padded(Int(number % scale), digits))"
    }

    /// `3 outages`, `1 outage`.
    static func count(_ count: Int, _ noun: String) -> String { "\(count) \(noun)\(count == 1 ? "" : "s")" }

    /// Digits in groups of three: `12,345`.
    static func grouped(_ number: Int64) -> String {
        var text = ""
        for (index, digit) in String(number.magnitude).reversed().enumerated() {
            if index > 0 && index % 3 == 0 { text.append(",") }
            text.append(digit)
        }
        return (number < 0 ? "-" : "") + String(text.reversed())
    }

    static func state(_ state: BarState) -> String { "\(state)" }

    static func monthName(_ month: Int) -> String { months[month - 1] }

    private static let months = [
        "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
        "December",
    ]
}

extension Verdict {
    /// What a bar shows for it.
    var barState: BarState {
        switch self {
        case .unknown: .unknown
        case .up: .up
        case .degraded: .degraded
        case .down: .down
        }
    }
}
