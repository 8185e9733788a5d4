import Vocabulary

/// Puts one row together from the texts of its fields. Made once for a whole file: most rows share their check, region,
/// verdict, cause and day with the row before, and those are not read again.
struct SampleRowBuilder {
    private var row = SampleRowBuilder.blank
    private var seen: UInt16 = 0
    private var hasCause = false
    private var hasTotal = false
    private var lastCheck = Remembered("")
    private var lastRegion = Remembered("")
    private var lastVerdict = Remembered(Verdict.unknown)
    private var lastCause = Remembered(Cause.ok)
    private var lastDay = Remembered<Int64>(0)

    private static let blank = SampleRow(
        time: Instant(nanoseconds: 0), check: "", region: "", verdict: .unknown, cause: .ok)

    /// A value and the text it was read from.
    private struct Remembered<Value> {
        var text: [UInt8] = []
        var value: Value
        init(_ value: Value) { self.value = value }

        mutating func read(_ new: Span<UInt8>, _ parse: (String) -> Value?) -> Value? {
            if !new.isEmpty, new.isEqual(to: text) { return value }
            guard let parsed = parse(new.text) else { return nil }
            text = new.bytes
            value = parsed
            return parsed
        }
    }

    mutating func begin() {
        row = SampleRowBuilder.blank
        seen = 0
        hasCause = false
        hasTotal = false
    }

    /// Takes one field; an empty text is a field that was left out.
    mutating func set(_ field: SampleField, _ text: Span<UInt8>) throws(SampleMistake) {
        guard seen & 1 << UInt16(field.rawValue) == 0 else { throw SampleMistake("\(field.name) stands twice") }
        guard !text.isEmpty else { return }
        seen |= 1 << UInt16(field.rawValue)
        switch field {
        case .time: row.time = try time(text)
        case .check: row.check = lastCheck.read(text) { $0 } ?? ""
        case .region: row.region = lastRegion.read(text) { $0 } ?? ""
        case .verdict:
            guard let verdict = lastVerdict.read(text, { Verdict(name: $0) }) else {
                throw SampleMistake("verdict \(quoted(text)) is none of up, degraded, down, unknown")
            }
            row.verdict = verdict
        case .cause:
            guard let cause = lastCause.read(text, { Cause(name: $0) }) else {
                throw SampleMistake("there is no cause \(quoted(text))")
            }
            row.cause = cause
            hasCause = true
        case .status:
            guard let status = text.wholeNumber, status <= Int64(Slot.statusMax) else {
                throw SampleMistake("status \(quoted(text)) is not a number from 0 to \(Slot.statusMax)")
            }
            row.status = UInt16(status)
        case .total:
            row.totalUs = try microseconds(text, field)
            hasTotal = true
        case .resolve, .connect, .handshake, .wait, .transfer:
            if let leg = field.leg { row.legs[leg] = try microseconds(text, field) }
        case .marks:
            guard let marks = Slot.Marks(text: text.text) else {
                throw SampleMistake("marks \(quoted(text)) are not of mixed, reprobe, late, generated")
            }
            row.marks = marks
        case .rest:
            guard let leg = Leg.allCases.first(where: { text.isEqual(to: Array($0.name.utf8)) }) else {
                throw SampleMistake("rest_leg \(quoted(text)) is none of resolve, connect, handshake, wait, transfer")
            }
            row.restLeg = leg
        }
    }

    func finished() throws(SampleMistake) -> SampleRow {
        for field in SampleField.required where seen & 1 << UInt16(field.rawValue) == 0 {
            throw SampleMistake("\(field.name) is missing")
        }
        var row = row
        if !hasCause { row.cause = row.verdict == .up ? .ok : .unstated }
        if !hasTotal {
            let sum = Leg.allCases.reduce(UInt64(0)) { $0 + UInt64(row.legs[$1]) }
            row.totalUs = UInt32(min(sum, UInt64(Slot.totalUsMax)))
        }
        return row
    }

    /// RFC 3339; its usual form, `2026-11-22T10:15:00.000Z`, without a detour.
    private mutating func time(_ text: Span<UInt8>) throws(SampleMistake) -> Instant {
        if let instant = usualTime(text) ?? Instant(rfc3339: text.text) { return instant }
        throw SampleMistake("time \(quoted(text)) is not an instant such as 2026-11-22T10:15:00Z")
    }

    private mutating func usualTime(_ text: Span<UInt8>) -> Instant? {
        guard (20...30).contains(text.count), text[10] == UInt8(ascii: "T"), text[13] == UInt8(ascii: ":"),
            text[16] == UInt8(ascii: ":"), text[text.count - 1] == UInt8(ascii: "Z"),
            let hour = text.extracting(11..<13).wholeNumber, hour < 24,
            let minute = text.extracting(14..<16).wholeNumber, minute < 60,
            let second = text.extracting(17..<19).wholeNumber, second < 60
        else { return nil }
        var fractionNs: Int64 = 0
        if text.count > 20 {
            let digits = text.extracting(20..<(text.count - 1))
            guard text[19] == UInt8(ascii: "."), let number = digits.wholeNumber else { return nil }
            fractionNs = number
            for _ in digits.count..<9 { fractionNs *= 10 }
        }
        guard let day = lastDay.read(text.extracting(0..<10), { CivilDate(text: $0).map { Int64($0.daysSinceEpoch) } })
        else { return nil }
        return Instant(seconds: day * 86_400 + hour * 3600 + minute * 60 + second) + fractionNs
    }

    /// Milliseconds with decimals; the fourth decimal rounds.
    private func microseconds(_ text: Span<UInt8>, _ field: SampleField) throws(SampleMistake) -> UInt32 {
        guard let us = microseconds(text) else {
            throw SampleMistake("\(field.name) \(quoted(text)) is not a number of milliseconds up to 268435.455")
        }
        return us
    }

    private func microseconds(_ text: Span<UInt8>) -> UInt32? {
        var point = text.count
        for index in text.indices where text[index] == UInt8(ascii: ".") { point = index }
        guard let whole = text.extracting(0..<point).wholeNumber, whole <= 268_435 else { return nil }
        var us = whole * 1000
        if point < text.count {
            let decimals = text.extracting((point + 1)..<text.count)
            guard decimals.wholeNumber != nil else { return nil }
            var weight: Int64 = 100
            for index in 0..<min(decimals.count, 3) {
                us += Int64(decimals[index] - UInt8(ascii: "0")) * weight
                weight /= 10
            }
            if decimals.count > 3, decimals[3] >= UInt8(ascii: "5") { us += 1 }
        }
        return us <= Int64(Slot.totalUsMax) ? UInt32(us) : nil
    }

    private func quoted(_ text: Span<UInt8>) -> String { "\"\(escaped(text.text, limit: 40))\"" }
}

/// Why a row cannot be read; whoever knows the line says where.
struct SampleMistake: Error {
    let message: String
    init(_ message: String) { self.message = message }
}

extension Span<UInt8> {
    var text: String { String(decoding: bytes, as: UTF8.self) }
    var bytes: [UInt8] { indices.map { self[$0] } }

    func isEqual(to other: [UInt8]) -> Bool {
        guard count == other.count else { return false }
        for index in indices where self[index] != other[index] { return false }
        return true
    }

    /// Of 1 to 18 decimal digits; nil for anything else.
    var wholeNumber: Int64? {
        guard (1...18).contains(count) else { return nil }
        var number: Int64 = 0
        for index in indices {
            let digit = self[index] &- UInt8(ascii: "0")
            guard digit < 10 else { return nil }
            number = number * 10 + Int64(digit)
        }
        return number
    }
}
