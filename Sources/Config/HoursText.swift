import Vocabulary

/// Reads hours of days: `Sun 02:00-02:30`, `Sat,Sun 23:00-01:00`, `Mon-Fri 09:00-18:00`, `day 02:00-02:30`,
/// `1st 03:00-04:00`, `last Sun 02:00-04:00`.
enum HoursText {
    /// What is wrong with a text, as the end of a sentence that begins with its key.
    struct Refusal: Error, Hashable {
        let why: String
    }

    static func parse(_ text: String) throws(Refusal) -> LocalHours {
        let words = text.split(separator: " ")
        guard let last = words.last, (2...3).contains(words.count) else {
            throw Refusal(
                why: "must be days and times such as \"Sun 02:00-02:30\", \"Mon-Fri 23:00-01:00\", "
                    + "\"1st 03:00-04:00\" or \"last Sun 02:00-04:00\"")
        }
        let days = try days(words.dropLast())
        let times = last.split(separator: "-", omittingEmptySubsequences: false)
        guard times.count == 2, let start = minute(times[0]), let end = minute(times[1]), start < 1440 else {
            throw Refusal(why: "must have times from 00:00 to 24:00 such as \"02:00-02:30\", not \"\(last)\"")
        }
        return LocalHours(days: days, startMinute: start, endMinute: end, text: text)
    }

    /// One word, or an ordinal and a day of the week.
    private static func days(_ words: ArraySlice<Substring>) throws(Refusal) -> LocalHours.Days {
        guard let first = words.first, let last = words.last else { return .weekdays([]) }
        guard let ordinal = try ordinal(first) else {
            guard words.count == 1 else {
                throw Refusal(
                    why: "has the days \"\(first) \(last)\"; write \"Sat,Sun\", \"1st\" or \"last Sun\"")
            }
            return .weekdays(try days(first))
        }
        guard words.count == 2 else { return .ofMonth(ordinal.number) }
        guard ordinal.number.map({ $0 <= 5 }) ?? true else {
            throw Refusal(why: "has the \(first) \(last) of a month, which no month has; they go up to 5th and last")
        }
        return .weekdayOfMonth(try day(last), nth: ordinal.number)
    }

    /// `1st` to `31st`, or `last` (whose number is nil); nil for a word that is neither.
    private static func ordinal(_ word: Substring) throws(Refusal) -> (number: Int?, Void)? {
        if word == "last" { return (nil, ()) }
        guard let first = word.utf8.first, isDigit(first) else { return nil }
        let digits = word.prefix { $0.isASCII && $0.isNumber }
        guard let number = Int(digits), (1...31).contains(number), word.dropFirst(digits.count) == suffix(of: number)
        else {
            throw Refusal(why: "has the day \"\(word)\"; days of the month are 1st, 2nd, 3rd, 4th … 31st, or last")
        }
        return (number, ())
    }

    private static func suffix(of number: Int) -> String {
        if (11...13).contains(number) { return "th" }
        return [1: "st", 2: "nd", 3: "rd"][number % 10] ?? "th"
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

    private static func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }
}
