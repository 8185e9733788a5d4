import Vocabulary

/// One sample as import and export carry it: a line of text outside, a slot inside.
package struct SampleRow: Hashable, Sendable {
    /// Start of the probe.
    package var time: Instant
    package var check: String
    package var region: String
    package var verdict: Verdict
    package var cause: Cause
    /// HTTP status or TLS alert, 0 for none.
    package var status: UInt16
    package var totalUs: UInt32
    package var legs: Legs
    package var marks: Slot.Marks
    /// Which leg is whatever the other four leave of the total; nil takes the longest.
    package var restLeg: Leg?

    package init(
        time: Instant, check: String, region: String, verdict: Verdict, cause: Cause, status: UInt16 = 0,
        totalUs: UInt32 = 0, legs: Legs = Legs(), marks: Slot.Marks = [], restLeg: Leg? = nil
    ) {
        self.time = time
        self.check = check
        self.region = region
        self.verdict = verdict
        self.cause = cause
        self.status = status
        self.totalUs = totalUs
        self.legs = legs
        self.marks = marks
        self.restLeg = restLeg
    }

    /// What the slot `number` of a grid holds. Its `slot(in:)` gives the same facts, bit for bit.
    package init(_ slot: Slot, number: Int64, grid: SlotGrid, check: String, region: String) {
        self.init(
            time: grid.instant(slot: number, startUnits: slot.startUnits), check: check, region: region,
            verdict: slot.verdict, cause: slot.cause, status: slot.status, totalUs: slot.totalUs,
            legs: SlotLegs(rest: slot.restLeg, bytes: slot.legBytes).legs(totalUs: slot.totalUs), marks: slot.marks,
            restLeg: slot.restLeg)
    }

    /// The slot that the sample belongs to, and the facts it leaves there.
    package func slot(in grid: SlotGrid) -> (number: Int64, slot: Slot) {
        // A total alone says nothing of the legs: it is kept as waiting.
        let rest = restLeg ?? (legs == Legs() ? .wait : nil)
        let slot = Slot(
            verdict: verdict, cause: cause, status: status, marks: marks,
            startUnits: grid.startUnits(of: time, in: grid.slot(at: time)),
            totalUs: totalUs, legs: SlotLegs(legs, rest: rest))
        return (grid.slot(at: time), slot)
    }
}

/// The columns of CSV and the keys of JSON lines, in the order of the export.
enum SampleField: Int, CaseIterable {
    case time, check, region, verdict, cause, status, total, resolve, connect, handshake, wait, transfer, marks, rest

    static let required: [SampleField] = [.time, .check, .region, .verdict]

    var name: String {
        switch self {
        case .time: "time"
        case .check: "check"
        case .region: "region"
        case .verdict: "verdict"
        case .cause: "cause"
        case .status: "status"
        case .total: "total_ms"
        case .resolve: "resolve_ms"
        case .connect: "connect_ms"
        case .handshake: "handshake_ms"
        case .wait: "wait_ms"
        case .transfer: "transfer_ms"
        case .marks: "marks"
        case .rest: "rest_leg"
        }
    }

    /// The leg whose time stands here.
    var leg: Leg? {
        switch self {
        case .resolve: .resolve
        case .connect: .connect
        case .handshake: .handshake
        case .wait: .wait
        case .transfer: .transfer
        case .time, .check, .region, .verdict, .cause, .status, .total, .marks, .rest: nil
        }
    }

    static let names = allCases.map { Array($0.name.utf8) }
    static func named(_ name: Span<UInt8>) -> SampleField? { allCases.first { name.isEqual(to: names[$0.rawValue]) } }
}

extension Slot.Marks {
    private static let names: [(mark: Slot.Marks, name: String)] = [
        (.mixed, "mixed"), (.reprobe, "reprobe"), (.late, "late"), (.generated, "generated"),
    ]

    /// `mixed late`; empty for none.
    var text: String { isEmpty ? "" : Slot.Marks.names.filter { contains($0.mark) }.map(\.name).joined(separator: " ") }

    /// nil when a word is no mark.
    init?(text: String) {
        self = []
        for word in text.split(separator: " ") {
            guard let known = Slot.Marks.names.first(where: { $0.name == word }) else { return nil }
            insert(known.mark)
        }
    }
}
