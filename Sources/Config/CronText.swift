import Vocabulary

/// Reads the five fields of a cron line: `0 2 * * 0`, `30 3 1,15 * *`, `*/10 8-18 * JAN-MAR MON-FRI`.
enum CronText {
    static func parse(_ text: String) throws(HoursText.Refusal) -> CronLine {
        let texts = text.split(separator: " ", omittingEmptySubsequences: true)
        guard texts.count == fields.count else {
            throw HoursText.Refusal(
                why: "must have five fields, minute, hour, day, month and day of the week, such as \"0 2 * * 0\", "
                    + "not \"\(text)\"")
        }
        var sets: [Set<Int>] = []
        for (field, text) in zip(fields, texts) { sets.append(try values(of: text, field)) }
        // Sunday is 0 and 7.
        let weekdays = Set(sets[4].compactMap { Weekday(rawValue: ($0 + 6) % 7) })
        return CronLine(
            minutes: sets[0], hours: sets[1], days: sets[2], months: sets[3], weekdays: weekdays,
            eitherDay: !texts[2].hasPrefix("*") && !texts[4].hasPrefix("*"), text: text)
    }

    private struct Field {
        let name: String
        let range: ClosedRange<Int>
        /// Those of the first values of the range.
        var names: [String] = []
    }

    private static let fields = [
        Field(name: "minute", range: 0...59), Field(name: "hour", range: 0...23), Field(name: "day", range: 1...31),
        Field(
            name: "month", range: 1...12,
            names: ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"]),
        Field(
            name: "day of the week", range: 0...7, names: ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"]),
    ]

    private static func values(of text: Substring, _ field: Field) throws(HoursText.Refusal) -> Set<Int> {
        var values: Set<Int> = []
        for part in text.split(separator: ",", omittingEmptySubsequences: false) {
            let halves = part.split(separator: "/", omittingEmptySubsequences: false)
            guard let first = halves.first, halves.count <= 2 else { throw refusal(part, field) }
            let ends = first.split(separator: "-", omittingEmptySubsequences: false)
            var range = field.range
            if first != "*" {
                guard let low = value(ends.first, field), let high = value(ends.last, field), low <= high,
                    ends.count <= 2
                else { throw refusal(part, field) }
                range = low...high
            }
            var step = 1
            if halves.count == 2 {
                guard let number = number(halves[1]), number >= 1, first == "*" || ends.count == 2 else {
                    throw refusal(part, field)
                }
                step = number
            }
            values.formUnion(stride(from: range.lowerBound, through: range.upperBound, by: step))
        }
        return values
    }

    private static func value(_ text: Substring?, _ field: Field) -> Int? {
        guard let text else { return nil }
        if let index = field.names.firstIndex(of: text.uppercased()) { return field.range.lowerBound + index }
        return number(text).flatMap { field.range.contains($0) ? $0 : nil }
    }

    private static func number(_ text: Substring) -> Int? {
        text.utf8.count <= 2 && text.utf8.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
            ? Int(text) : nil
    }

    private static func refusal(_ part: Substring, _ field: Field) -> HoursText.Refusal {
        HoursText.Refusal(
            why: "has the \(field.name) \"\(part)\"; it is a number from \(field.range.lowerBound) to "
                + "\(field.range.upperBound), a range such as \(field.range.lowerBound)-\(field.range.lowerBound + 3), "
                + "a step such as */2, a list of these, or *")
    }
}
