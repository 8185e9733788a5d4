import Vocabulary

/// What people call a window: `November 2026`, and inside a sentence `this month`.
struct WindowName: Hashable {
    let title: String
    let phrase: String

    /// `now` decides between `this month` and `in November 2026`.
    init(_ window: Interval, zone: Zone, now: Instant) {
        let isPresent = window.contains(now)
        let first = zone.civil(window.start)
        let end = zone.civil(window.end)
        let calendar = zone.midnight(first.date) == window.start && zone.midnight(end.date) == window.end
        if calendar, let name = WindowName(calendarDays: first.date, end.date, isPresent: isPresent) {
            self = name
        } else {
            title = Words.interval(window, zone: zone)
            phrase = "in this window"
        }
    }

    private init(title: String, phrase: String) {
        self.title = title
        self.phrase = phrase
    }

    /// nil when the days are not a day, week, month, quarter or year, nor a few whole days.
    private init?(calendarDays first: CivilDate, _ end: CivilDate, isPresent: Bool) {
        let days = end.daysSinceEpoch - first.daysSinceEpoch
        let month = Words.monthName(first.month)
        if days == 1 {
            self.init(title: "\(first.weekday.shortName) \(first)", phrase: isPresent ? "today" : "on \(first)")
        } else if days == 7 && first.weekday == .monday {
            self.init(
                title: "week of \(first)", phrase: isPresent ? "this week" : "in the week of \(first)")
        } else if first.day == 1, end.day == 1 {
            let months = (end.year - first.year) * 12 + end.month - first.month
            switch (months, first.month) {
            case (1, _):
                let title = "\(month) \(first.year)"
                self.init(title: title, phrase: isPresent ? "this month" : "in \(title)")
            case (3, 1), (3, 4), (3, 7), (3, 10):
                let title = "Q\(first.month / 3 + 1) \(first.year)"
                self.init(title: title, phrase: isPresent ? "this quarter" : "in \(title)")
            case (12, 1): self.init(title: "\(first.year)", phrase: isPresent ? "this year" : "in \(first.year)")
            default: self.init(title: "\(first) – \(end.adding(days: -1))", phrase: "in \(months) months")
            }
        } else {
            self.init(title: "\(first) – \(end.adding(days: -1))", phrase: "in \(days) days")
        }
    }
}
