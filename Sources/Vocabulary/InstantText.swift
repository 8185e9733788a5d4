extension Instant {
    /// RFC 3339 in UTC with milliseconds: `2026-11-22T10:15:00.000Z`. What JSON outputs carry.
    package var rfc3339: String { Zone.utc.civilText(self) + fraction(digits: 3) + "Z" }

    /// RFC 3339 in UTC with as many decimals as the instant needs, three at least. What exports carry.
    package var rfc3339Exact: String {
        let inSecond = nanoseconds - seconds * Duration.secondNs
        let digits = inSecond % 1_000_000 == 0 ? 3 : inSecond % 1_000 == 0 ? 6 : 9
        return Zone.utc.civilText(self) + fraction(digits: digits) + "Z"
    }

    /// Local date and time in `zone`, for people: `2026-11-22 10:15:00`.
    package func text(in zone: Zone) -> String {
        let civil = zone.civil(self)
        return "\(civil.date) \(clock(civil.secondOfDay))"
    }

    /// Reads RFC 3339 (`2026-12-01T00:00:00+08:00`; seconds may be left out, up to nine decimals). nil for anything
    /// else; a time without an offset is read in `zone` when one is given.
    package init?(rfc3339 text: some StringProtocol, zone: Zone? = nil) {
        var rest = Substring(text)
        let datePart = rest.prefix(10)
        guard let date = CivilDate(text: datePart) else { return nil }
        rest = rest.dropFirst(10)
        guard let separator = rest.first, separator == "T" || separator == "t" || separator == " " else { return nil }
        rest = rest.dropFirst()
        let clockPart = rest.prefix { $0.isNumber || $0 == ":" }
        rest = rest.dropFirst(clockPart.count)
        let fields = clockPart.split(separator: ":", omittingEmptySubsequences: false)
        guard (2...3).contains(fields.count), fields.allSatisfy({ $0.utf8.count == 2 }) else { return nil }
        let numbers = fields.compactMap { Int($0) }
        guard numbers.count == fields.count, numbers[0] < 24, numbers[1] < 60, numbers.last! < 60 else { return nil }
        let secondOfDay = numbers[0] * 3600 + numbers[1] * 60 + (numbers.count == 3 ? numbers[2] : 0)
        var fractionNs: Int64 = 0
        if rest.first == "." {
            let digits = rest.dropFirst().prefix { $0.isASCII && $0.isNumber }
            guard (1...9).contains(digits.count), numbers.count == 3 else { return nil }
            fractionNs = Int64(digits + String(repeating: "0", count: 9 - digits.count))!
            rest = rest.dropFirst(1 + digits.count)
        }
        let base: Instant
        if rest.isEmpty {
            guard let zone else { return nil }
            base = zone.instant(CivilTime(date: date, secondOfDay: secondOfDay))
        } else {
            guard let offset = Instant.offset(rest) else { return nil }
            base = Instant(seconds: Int64(date.daysSinceEpoch) * 86_400 + Int64(secondOfDay - offset))
        }
        self = base + fractionNs
    }

    /// Seconds east of UTC of `Z`, `+08:00`, `-05:30`.
    private static func offset(_ text: Substring) -> Int? {
        if text == "Z" || text == "z" { return 0 }
        guard let sign = text.first, sign == "+" || sign == "-" else { return nil }
        let fields = text.dropFirst().split(separator: ":", omittingEmptySubsequences: false)
        guard fields.count == 2, fields.allSatisfy({ $0.utf8.count == 2 }), let hours = Int(fields[0]),
            let minutes = Int(fields[1]), hours < 24, minutes < 60
        else { return nil }
        return (sign == "-" ? -1 : 1) * (hours * 3600 + minutes * 60)
    }

    private func fraction(digits: Int) -> String {
        let inSecond = Int(nanoseconds - seconds * Duration.secondNs)
        return "." + padded(inSecond, 9).prefix(digits)
    }
}

extension Zone {
    fileprivate func civilText(_ instant: Instant) -> String {
        let civil = civil(instant)
        return "\(civil.date)T\(clock(civil.secondOfDay))"
    }
}

/// `10:15:00`.
private func clock(_ secondOfDay: Int) -> String {
    "\(padded(secondOfDay / 3600, 2)):\(padded(secondOfDay / 60 % 60, 2)):\(padded(secondOfDay % 60, 2))"
}
