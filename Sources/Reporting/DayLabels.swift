import Accounting
import Vocabulary

/// What stands under the days of a chart: every day of a few, else every fifth, else the months.
struct DayLabels {
    private let step: Step
    /// The 30th would stand in the way of the 1st after it.
    private let hasThirtieth: Bool

    private enum Step { case day, fifth, month }

    private static let everyDayMax = 10
    private static let everyFifthMax = 62

    init(_ days: [DayFigures]) {
        step = days.count <= DayLabels.everyDayMax ? .day : days.count <= DayLabels.everyFifthMax ? .fifth : .month
        hasThirtieth = days.first?.date.month == days.last?.date.month
    }

    /// Empty for a day without a label.
    func label(_ date: CivilDate) -> String {
        switch step {
        case .day: "\(date.day)"
        case .fifth: date.day == 1 || date.day % 5 == 0 && (date.day < 30 || hasThirtieth) ? "\(date.day)" : ""
        case .month: date.day == 1 ? String(Words.monthName(date.month).prefix(3)) : ""
        }
    }
}
