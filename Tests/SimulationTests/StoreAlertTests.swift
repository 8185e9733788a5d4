import Testing
import Vocabulary

@testable import sonde

@Suite("The alert of a store that takes nothing")
struct StoreAlertTests {
    private static let noon = Instant(rfc3339: "2026-11-22T12:00:00Z")!
    private static let fault = "data/journal: no space left on the device"

    /// How the store is at a second, and what is told of it: the change, and the second in which the incident opened.
    struct Look: CustomTestStringConvertible, Sendable {
        var seconds: Int64
        var fault: String? = StoreAlertTests.fault
        var tries = 0
        var told: String?
        var testDescription: String { "\(seconds) s" }
    }

    struct Row: CustomTestStringConvertible, Sendable {
        let testDescription: String
        /// An earlier run left the store's incident so.
        var left: [Incident] = []
        let looks: [Look]
    }

    private static let rows = [
        Row(
            testDescription: "all well: nothing is told",
            looks: [Look(seconds: 0, fault: nil), Look(seconds: 100, fault: nil)]),
        Row(
            testDescription: "a fault that the next try mends is not told",
            looks: [Look(seconds: 0, tries: 1), Look(seconds: 4, tries: 1), Look(seconds: 5, fault: nil)]),
        Row(
            testDescription: "one that outlasts a second try is told once, and its end once",
            looks: [
                Look(seconds: 0, tries: 1), Look(seconds: 5, tries: 2, told: "opened 5"), Look(seconds: 10, tries: 3),
                Look(seconds: 3_600, tries: 700), Look(seconds: 3_605, fault: nil, told: "closed 5"),
                Look(seconds: 3_606, fault: nil),
            ]),
        Row(
            testDescription: "another one is another incident",
            looks: [
                Look(seconds: 5, tries: 2, told: "opened 5"), Look(seconds: 6, fault: nil, told: "closed 5"),
                Look(seconds: 7, tries: 1), Look(seconds: 12, tries: 2, told: "opened 12"),
            ]),
        Row(
            testDescription: "one that an earlier run left open goes on, and ends when all was well for ten seconds",
            left: [left(closed: nil)],
            looks: [
                Look(seconds: 0, fault: nil), Look(seconds: 4, tries: 1), Look(seconds: 9, tries: 2),
                Look(seconds: 20, fault: nil), Look(seconds: 29, fault: nil),
                Look(seconds: 30, fault: nil, told: "closed -60"), Look(seconds: 31, tries: 2, told: "opened 31"),
                Look(seconds: 32, fault: nil, told: "closed 31"),
            ]),
        Row(
            testDescription: "one that an earlier run closed is over",
            left: [left(closed: noon)],
            looks: [Look(seconds: 100, fault: nil), Look(seconds: 105, tries: 2, told: "opened 105")]),
        Row(
            testDescription: "a check's incident is none of the store's",
            left: [Incident(check: "store", title: "", opened: noon, cause: .refused, regions: [])],
            looks: [Look(seconds: 0, fault: nil), Look(seconds: 100, fault: nil)]),
    ]

    private static func left(closed: Instant?) -> Incident {
        Incident(
            check: "_store", title: "left", opened: noon - Duration.minuteNs, closed: closed, cause: .internalFault,
            regions: [])
    }

    @Test("is one message when a second try has failed and one when it is over", arguments: rows)
    func told(row: Row) {
        var storeAlert = StoreAlert(newest: row.left)
        for look in row.looks {
            let now = Self.noon + look.seconds * Duration.secondNs
            let alert = storeAlert.look(
                fault: look.fault, failedTries: look.tries, at: now, monotonicNs: look.seconds * Duration.secondNs)
            let words = alert.map {
                "\($0.change.rawValue) \(($0.incident.opened - Self.noon) / Duration.secondNs)"
            }
            #expect(words == look.told, "\(look.seconds) s")
            #expect((alert?.incident.closed == now) == (alert?.change == .closed))
        }
    }

    @Test("says what keeps the store from writing, under a name that no check can have")
    func message() {
        var storeAlert = StoreAlert(newest: [])
        let alert = storeAlert.look(fault: Self.fault, failedTries: 2, at: Self.noon, monotonicNs: 0)
        #expect(
            alert?.incident
                == Incident(
                    check: "_store",
                    title: "The store takes no samples, they wait in memory: data/journal: no space left on the device",
                    opened: Self.noon, cause: .internalFault, regions: []))
    }
}
