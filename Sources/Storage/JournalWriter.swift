import Vocabulary

/// The journal as its one writer sees it: a batch in memory, the present segment, and those before it whose slots are
/// not surely in the rings.
struct JournalWriter: ~Copyable {
    /// More series than this have no numbers in one segment.
    static let seriesMax = 1 << 22
    /// A longer segment ends, and its slots move into the rings, before the hour is over: 3.3 million samples.
    static let segmentBytesMax: Int64 = 64 << 20
    /// All segments together: where moving fails for so long, the journal takes no more.
    static let bytesMax: Int64 = 128 << 20

    private let store: String
    private let watch: (any StoreWatch)?
    /// The present segment. Its file is made with the first batch.
    private(set) var number: UInt64
    private var file: OpenFile?
    private var end: Int64 = 0
    /// Segments before the present one, oldest first, and their bytes.
    private(set) var older: [UInt64]
    private var olderBytes: Int64
    /// Those of them that failed, and that the present one is to replace.
    private var doubtful: [UInt64] = []
    private var seriesCount: UInt32 = 0
    /// The batch: frames that name series, then records.
    private var names: [(series: JournalSeries, copy: UInt8)] = []
    private var records: [UInt8] = []
    private var frames: [UInt8] = []
    /// Files with bytes that are not surely on the disk.
    private var unsynced: [OpenFile] = []
    private var hasNewName = false
    private(set) var isDirty = false

    /// Where a series stands in the present segment.
    struct Place {
        fileprivate var segment: UInt64 = 0
        fileprivate var number: UInt32 = 0
        fileprivate var base: Int64 = 0
        fileprivate var copies: UInt8 = 0
    }

    init(store: String, older: [UInt64], olderBytes: Int64, watch: (any StoreWatch)?) {
        self.store = store
        self.watch = watch
        self.older = older
        self.olderBytes = olderBytes
        number = (older.last ?? 0) + 1
    }

    var isBatchEmpty: Bool { records.isEmpty }
    /// To be written before it grows: only a rewriting has so much at once.
    var isBatchLarge: Bool { records.count > 1 << 20 }
    var bytes: Int64 { olderBytes + end + Int64(records.count) }

    /// Whether a series can add a slot without being named before. A series is named twice in a segment, with its first
    /// and its second slot: so one damaged frame does not cost more than its own records.
    func knows(_ place: Place, at sequence: Int64) -> Bool {
        place.segment == number && place.copies == 2 && JournalFrame.reaches(sequence, from: place.base)
    }

    /// Names a series in the batch. Gives its place, with which the slot at `sequence` is to be added.
    mutating func name(_ known: Place, at sequence: Int64, check: String, region: String) -> Place {
        var place = known
        if place.segment != number || !JournalFrame.reaches(sequence, from: place.base) {
            place = Place(segment: number, number: seriesCount, base: sequence, copies: 0)
            seriesCount += 1
        }
        let series = JournalSeries(number: place.number, base: place.base, check: check, region: region)
        names.append((series, place.copies))
        place.copies += 1
        return place
    }

    /// Adds a slot of a series that is known.
    mutating func append(_ slot: Slot, at sequence: Int64, place: Place) {
        JournalFrame.append(slot, series: place.number, sequence: sequence, base: place.base, to: &records)
    }

    /// Appends the batch to the present segment: afterwards the end of the process does not lose it. When it fails,
    /// the segment takes no more: what it should hold is to be written into a new one.
    mutating func flush(at now: Instant) throws(StoreError) {
        guard !records.isEmpty else { return }
        if file == nil { try begin(at: now) }
        guard let file else { return }
        frames.removeAll(keepingCapacity: true)
        for (series, copy) in names {
            let content = series.content
            JournalFrame.append(
                .series, copy: copy, content[...], at: end + Int64(frames.count), segment: number, to: &frames)
        }
        let step = JournalFrame.recordsMax * JournalFrame.recordBytes
        for first in stride(from: 0, to: records.count, by: step) {
            JournalFrame.append(
                .slots, records[first..<min(first + step, records.count)], at: end + Int64(frames.count),
                segment: number, to: &frames)
        }
        try frames.withUnsafeBytes { file.pour($0, at: end) }.get()
        end += Int64(frames.count)
        if unsynced.last !== file { unsynced.append(file) }
        isDirty = true
        forgetBatch()
    }

    mutating func forgetBatch() {
        names.removeAll(keepingCapacity: true)
        records.removeAll(keepingCapacity: true)
    }

    private mutating func begin(at now: Instant) throws(StoreError) {
        let path = StorePath.segment(number, in: store)
        guard let new = try StoreFile.open(path, .create, watch: watch) else { throw .noStore(path: path) }
        let opened = OpenFile(new)
        try opened.write(JournalSegment.header(number: number, created: now), at: 0)
        end = JournalSegment.headerBytes
        file = opened
        hasNewName = true
    }

    /// Begins another segment; the batch goes into it, so it is to be empty or forgotten before.
    mutating func rotate() {
        precondition(records.isEmpty && names.isEmpty, "a batch belongs to one segment")
        if file != nil {
            older.append(number)
            olderBytes += end
        }
        file = nil
        end = 0
        seriesCount = 0
        number += 1
    }

    /// What brings everything flushed so far to the disk: to be run once, on any thread. nil when all is there.
    mutating func takeSync() -> SyncThread.Errand? {
        guard isDirty else { return nil }
        let files = unsynced
        let folder = hasNewName ? StorePath.journal(store) : nil
        let watch = watch
        unsynced = []
        hasNewName = false
        isDirty = false
        return {
            do throws(StoreError) {
                for file in files { try file.sync() }
                if let folder { try StoreFolder(folder, watch: watch).sync() }
                return nil
            } catch {
                return error
            }
        }
    }

    /// Removes the segments before `number`: their slots are in the rings, on the disk.
    mutating func cut(before number: UInt64) throws(StoreError) {
        while let oldest = older.first, oldest < number {
            try StoreFolder.remove(StorePath.segment(oldest, in: store), watch: watch)
            older.removeFirst()
        }
        if older.isEmpty { olderBytes = 0 }
    }

    /// Lets go of the present segment, which cannot be trusted, and begins another one: what it should hold is in
    /// memory. `isWhole`: it may hold what stands nowhere else, should the process end now, and so it stays until the
    /// new one is written; else it is removed.
    mutating func abandon(isWhole: Bool) {
        forgetBatch()
        unsynced = []
        isDirty = false
        let failed = number
        let hadFile = file != nil
        rotate()
        guard hadFile else { return }
        doubtful.append(failed)
        if !isWhole { removeDoubtful() }
    }

    /// What stood in segments that were let go of stands in the present one.
    mutating func removeDoubtful() {
        for number in doubtful {
            // One that cannot be removed is read again at the next start, and says nothing new.
            try? StoreFolder.remove(StorePath.segment(number, in: store), watch: watch)
        }
        older.removeAll(where: doubtful.contains)
        doubtful = []
        if older.isEmpty { olderBytes = 0 }
    }
}

/// A file that two threads use: one writes, another waits for the disk.
final class OpenFile: Sendable {
    let file: StoreFile

    init(_ file: consuming StoreFile) { self.file = file }

    var path: String { file.path }
    func pour(_ buffer: UnsafeRawBufferPointer, at offset: Int64) -> Result<Void, StoreError> {
        file.pour(buffer, at: offset)
    }
    func write(_ bytes: [UInt8], at offset: Int64) throws(StoreError) { try file.write(bytes, at: offset) }
    func sync() throws(StoreError) { try file.sync() }
}
