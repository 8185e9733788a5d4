import Vocabulary

/// What stands in the journal and may not be in the rings yet: for a reader that asks about some checks, and for a
/// writer that begins where another one ended.
///
/// To be read before the rings: the writer cuts the journal only after its slots are in them, so nothing falls between.
struct JournalTail: Sendable {
    /// The slots of one series, later ones in place of earlier ones.
    struct Series: Sendable {
        let check: String
        let region: String
        var slots = PendingSlots()
    }

    private(set) var series: [Series] = []
    private var places: [Key: Int] = [:]
    /// Frames and places that are not whole.
    private(set) var damagedCount = 0
    /// Names of the files read, oldest first.
    fileprivate(set) var segments: [UInt64] = []

    private struct Key: Hashable {
        let check: String
        let region: String
    }

    /// A segment that goes while it is to be read is in the rings by then; only one that gave way to a new copy of
    /// itself makes the list old.
    private static let triesMax = 8

    /// `checks`: whose slots are wanted; nil for all.
    static func read(store: String, checks: [String]?) throws(StoreError) -> JournalTail {
        for attempt in 1... {
            var scan = JournalScan(checks: checks)
            var isOld = false
            let numbers = try JournalSegment.numbers(in: store)
            for number in numbers {
                guard let file = try StoreFile.open(StorePath.segment(number, in: store), .read) else {
                    isOld = true
                    continue
                }
                try scan.read(file, number: number)
            }
            if isOld, attempt < triesMax { continue }
            scan.tail.segments = numbers
            return scan.tail
        }
        preconditionFailure("the last attempt returns")
    }

    /// The slots of one series; none when the journal has none.
    func slots(check: String, region: String) -> PendingSlots {
        places[Key(check: check, region: region)].map { series[$0].slots } ?? PendingSlots()
    }

    /// The place of a series; a new one at the end.
    fileprivate mutating func place(check: String, region: String) -> Int {
        let key = Key(check: check, region: region)
        if let place = places[key] { return place }
        series.append(Series(check: check, region: region))
        places[key] = series.count - 1
        return series.count - 1
    }

    fileprivate mutating func put(_ slot: Slot, at sequence: Int64, place: Int) {
        series[place].slots.put(slot, at: sequence)
    }

    fileprivate mutating func count(damaged: Int) { damagedCount += damaged }
}

/// One reading of the journal, segment after segment.
private struct JournalScan {
    var tail = JournalTail()
    private let names: [[UInt8]]?
    private let nameSet: Set<String>
    /// By the number of a series in the present segment: its place in the tail and its base; -1 for one not wanted.
    private var known: [(place: Int32, base: Int64)] = []
    /// A series' first frame was damaged: what lies between it and the second copy is to be read again.
    private var isLate = false

    init(checks: [String]?) {
        nameSet = Set(checks ?? [])
        // A few names are compared as they lie there; many are looked up.
        names = checks.map { $0.count <= 4 ? $0.map { Array($0.utf8) } : [] }
    }

    mutating func read(_ file: borrowing StoreFile, number: UInt64) throws(StoreError) {
        known.removeAll(keepingCapacity: true)
        isLate = false
        let damagedBefore = tail.damagedCount
        try walk(file, number)
        guard isLate else { return }
        // With every series known from the start; the slots that were read are put again, and change nothing.
        tail.count(damaged: damagedBefore - tail.damagedCount)
        try walk(file, number)
    }

    private mutating func walk(_ file: borrowing StoreFile, _ number: UInt64) throws(StoreError) {
        let walk = try JournalSegment.walk(file, number: number) { head, frame, _ in
            let content = UnsafeRawBufferPointer(rebasing: frame[JournalFrame.headBytes...])
            switch head.kind {
            case .series: take(series: content, of: frame, copy: head.copy)
            case .slots: take(slots: content, of: frame)
            }
        }
        tail.count(damaged: walk.gaps + (walk.isHeaderDamaged && walk.end > 0 ? 1 : 0))
    }

    private mutating func take(series content: UnsafeRawBufferPointer, of frame: UnsafeRawBufferPointer, copy: UInt8) {
        guard let bytes = JournalSeries.names(content), isWanted(bytes.check) else { return }
        guard JournalFrame.isWhole(frame), let series = JournalSeries(content) else { return tail.count(damaged: 1) }
        let number = Int(series.number)
        guard number < JournalWriter.seriesMax else { return tail.count(damaged: 1) }
        while known.count <= number { known.append((-1, 0)) }
        if known[number].place < 0, copy > 0 { isLate = true }
        known[number] = (Int32(tail.place(check: series.check, region: series.region)), series.base)
    }

    private mutating func take(slots content: UnsafeRawBufferPointer, of frame: UnsafeRawBufferPointer) {
        var isWhole = false
        var offset = 0
        while offset + JournalFrame.recordBytes <= content.count {
            let number = Int(UInt32(littleEndian: content.loadUnaligned(fromByteOffset: offset, as: UInt32.self)))
            if number < known.count, known[number].place >= 0 {
                if !isWhole {
                    guard JournalFrame.isWhole(frame) else { return tail.count(damaged: 1) }
                    isWhole = true
                }
                let word0 = UInt64(
                    littleEndian: content.loadUnaligned(fromByteOffset: offset + 4, as: UInt64.self))
                let word1 = UInt64(
                    littleEndian: content.loadUnaligned(fromByteOffset: offset + 12, as: UInt64.self))
                let sequence = JournalFrame.sequence(word0: word0, base: known[number].base)
                if sequence >= 0 {
                    tail.put(
                        Slot(word0: word0 & ~JournalFrame.sequenceMask, word1: word1), at: sequence,
                        place: Int(known[number].place))
                }
            }
            offset += JournalFrame.recordBytes
        }
    }

    private func isWanted(_ check: UnsafeRawBufferPointer) -> Bool {
        guard let names else { return true }
        if names.isEmpty { return nameSet.contains(String(decoding: check, as: UTF8.self)) }
        return names.contains { $0.count == check.count && check.elementsEqual($0) }
    }
}
