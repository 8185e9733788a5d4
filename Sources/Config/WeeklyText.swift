import Vocabulary

/// Reads the hours of a week: `Sun 02:00-02:30`, `Sat,Sun 23:00-01:00`, `Mon-Fri 09:00-18:00`, `day 02:00-02:30`.
enum WeeklyText {
    /// What is wrong with a text, as the end of a sentence that begins with its key.
    struct Refusal: Error, Hashable {
        let why: String
    }

    static func parse(_ text: String) throws(Refusal) -> WeeklyHours {
        let words = text.split(separator: " ")
        if let first = words.first, first == "last" || isOrdinal(first) {
            throw Refusal(
                why: "is a window by the day of the month, which is not built yet; give days of the week, such as "
                    + "\"Sun 02:00-02:30\"")
        }
        guard words.count == 2 else {
            throw Refusal(why: "must be days and times such as \"Sun 02:00-02:30\" or \"Mon-Fri 23:00-01:00\"")
        }
        let days = try days(words[0])
        let times = words[1].split(separator: "-", omittingEmptySubsequences: false)
        guard times.count == 2, let start = minute(times[0]), let end = minute(times[1]), start < 1440 else {
            throw Refusal(why: "must have times from 00:00 to 24:00 such as \"02:00-02:30\", not \"\(words[1])\"")
        }
        return WeeklyHours(days: days, startMinute: start, endMinute: end, text: text)
    }

    private static func days(_ text: Substring) throws(Refusal) -> Set<Weekday> {
        if text == "day" { return Set(Weekday.allCases) }
        var days: Set<Weekday> = []
        for part in text.split(separator: ",", omittingEmptySubsequences: false) {
            let ends = part.split(separator: "-", omittingEmptySubsequences: false)
            guard let firstText = ends.first, let lastText = ends.last, ends.count <= 2 else {
                throw Refusal(why: "must have days such as \"Sat,Sun\" or \"Mon-Fri\", not \"\(text)\"")
            }
            let first = try day(firstText)
            let last = try day(lastText)
            // `Fri-Mon` goes over the end of the week.
            let count = (last.rawValue - first.rawValue + 7) % 7
            for step in 0...count { days.formUnion(Weekday(rawValue: (first.rawValue + step) % 7).map { [$0] } ?? []) }
        }
        return days
    }

    private static func day(_ text: Substring) throws(Refusal) -> Weekday {
        let names = Weekday.allCases.map(\.shortName)
        guard let day = Weekday(shortName: String(text)) else {
            let known = names.joined(separator: ", ")
            throw Refusal(
                why: "has the day \"\(text)\"; days are \(known), or \"day\" for all"
                    + SettingReader.hint(for: String(text), among: names))
        }
        return day
    }

    /// Minutes since midnight of `HH:MM`, up to 24:00.
    private static func minute(_ text: Substring) -> Int? {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 2, parts.allSatisfy({ $0.utf8.count == 2 && $0.utf8.allSatisfy(isDigit) }),
            let hour = Int(parts[0]), let minute = Int(parts[1]), hour <= 24, minute < 60, hour * 60 + minute <= 1440
        else { return nil }
        return hour * 60 + minute
    }

    /// `1st`, `22nd`.
    private static func isOrdinal(_ word: Substring) -> Bool {
        guard let first = word.utf8.first, isDigit(first) else { return false }
        return ["st", "nd", "rd", "th"].contains { word.hasSuffix($0) }
    }

    private static func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }
}
