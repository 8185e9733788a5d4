/// A point of wall time: nanoseconds since the Unix epoch, UTC.
@usableFromInline package struct Instant: Hashable, Comparable, Sendable {
    @usableFromInline package let nanoseconds: Int64

    @inlinable package init(nanoseconds: Int64) { self.nanoseconds = nanoseconds }
    package init(milliseconds: Int64) { self.nanoseconds = milliseconds * Duration.millisecondNs }
    package init(seconds: Int64) { self.nanoseconds = seconds * Duration.secondNs }

    /// Whole seconds since the epoch, rounded towards the past.
    package var seconds: Int64 { floorDivide(nanoseconds, Duration.secondNs) }
    package var milliseconds: Int64 { floorDivide(nanoseconds, Duration.millisecondNs) }
    /// The full hour at or before.
    package var hourStart: Instant {
        Instant(nanoseconds: floorDivide(nanoseconds, Duration.hourNs) * Duration.hourNs)
    }

    @inlinable package static func < (left: Instant, right: Instant) -> Bool { left.nanoseconds < right.nanoseconds }
    @inlinable package static func + (left: Instant, durationNs: Int64) -> Instant {
        Instant(nanoseconds: left.nanoseconds + durationNs)
    }
    @inlinable package static func - (left: Instant, durationNs: Int64) -> Instant {
        Instant(nanoseconds: left.nanoseconds - durationNs)
    }
    /// The duration in nanoseconds from `right` to `left`.
    @inlinable package static func - (left: Instant, right: Instant) -> Int64 { left.nanoseconds - right.nanoseconds }
}

/// Half-open `[start, end)`; empty when `end <= start`.
@usableFromInline package struct Interval: Hashable, Sendable {
    @usableFromInline package let start: Instant
    @usableFromInline package let end: Instant

    @inlinable package init(start: Instant, end: Instant) {
        self.start = start
        self.end = end
    }

    @inlinable package var isEmpty: Bool { end <= start }
    package var durationNs: Int64 { isEmpty ? 0 : end - start }
    @inlinable package func contains(_ instant: Instant) -> Bool { start <= instant && instant < end }
    package func overlaps(_ other: Interval) -> Bool { start < other.end && other.start < end }
    /// What both have in common; empty when nothing is.
    package func clamped(to other: Interval) -> Interval {
        Interval(start: max(start, other.start), end: min(end, other.end))
    }
}

/// Lengths of time are plain `Int64` nanoseconds whose name ends in `Ns`; here are their units and text.
@usableFromInline package enum Duration {
    @inlinable package static var microsecondNs: Int64 { 1_000 }
    @inlinable package static var millisecondNs: Int64 { 1_000_000 }
    @inlinable package static var secondNs: Int64 { 1_000_000_000 }
    @inlinable package static var minuteNs: Int64 { 60 * secondNs }
    @inlinable package static var hourNs: Int64 { 60 * minuteNs }
    @inlinable package static var dayNs: Int64 { 24 * hourNs }
    /// A year of configuration text, 366 days, so that nothing a person calls "five years" is cut.
    @inlinable package static var yearNs: Int64 { 366 * dayNs }

    private static let units: [(text: String, ns: Int64)] = [
        ("y", yearNs), ("d", dayNs), ("h", hourNs), ("m", minuteNs), ("s", secondNs), ("ms", millisecondNs),
    ]

    /// Nanoseconds of `250ms`, `10s`, `1h30m`, `100d`, `5y`; nil for anything else. Units go from large to small.
    package static func parse(_ text: String) -> Int64? {
        var totalNs: Int64 = 0
        var lastUnitNs = Int64.max
        var rest = Substring(text)
        guard !rest.isEmpty else { return nil }
        while !rest.isEmpty {
            let digits = rest.prefix { $0.isASCII && $0.isNumber }
            guard let number = Int64(digits) else { return nil }
            rest = rest.dropFirst(digits.count)
            let letters = rest.prefix { $0.isLetter }
            guard let unit = units.first(where: { $0.text == letters }), unit.ns < lastUnitNs else { return nil }
            rest = rest.dropFirst(letters.count)
            lastUnitNs = unit.ns
            let (product, overflow) = number.multipliedReportingOverflow(by: unit.ns)
            let (sum, overflowSum) = totalNs.addingReportingOverflow(product)
            guard !overflow, !overflowSum else { return nil }
            totalNs = sum
        }
        return totalNs
    }

    /// The shortest text that `parse` reads back: `1h30m`, `250ms`, `0s`.
    package static func text(_ durationNs: Int64) -> String {
        var rest = durationNs
        var text = ""
        for unit in units.dropFirst() where rest >= unit.ns {
            text += "\(rest / unit.ns)\(unit.text)"
            rest %= unit.ns
        }
        return text.isEmpty ? "0s" : text
    }
}

/// Division that rounds towards minus infinity, so that slots before 1970 are cells too.
@inlinable package func floorDivide(_ number: Int64, _ divisor: Int64) -> Int64 {
    let quotient = number / divisor
    return number % divisor < 0 ? quotient - 1 : quotient
}
