import Accounting
import Vocabulary

/// What stands under the days of a chart: every day of a few, else every fifth, else the months.
struct DayLabels {
    private let step: Step

    private enum Step { case day, fifth, month }

    private static let everyDayMax = 10
    private static let everyFifthMax = 62

    init(_ days: [DayFigures]) {
        step = days.count <= DayLabels.everyDayMax ? .day : days.count <= DayLabels.everyFifthMax ? .fifth : .month
    }

    /// Empty for a day without a label.
    func label(_ date: CivilDate) -> String {
        switch step {
        case .day: "\(date.day)"
        case .fifth: date.day == 1 || date.day % 5 == 0 && date.day < 30 ? "\(date.day)" : ""
        case .month: date.day == 1 ? String(Words.monthName(date.month).prefix(3)) : ""
        }
    }
}
