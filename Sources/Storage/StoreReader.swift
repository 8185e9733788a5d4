import Vocabulary

/// Reads a store: in any process, at any time, without the writer's help and without a lock.
package struct StoreReader: Sendable {
    package let path: String
    /// The journal as it was read once for many questions; nil reads it for each.
    private var tail: JournalTail?

    package init(path: String) throws(StoreError) {
        guard try StoreFolder.names(in: StorePath.rings(path)) != nil else { throw .noStore(path: path) }
        self.path = path
    }

    /// The checks that have a ring file, by name.
    package func checks() throws(StoreError) -> [String] {
        let names = try StoreFolder.names(in: StorePath.rings(path)) ?? []
        return names.filter { $0.hasSuffix(StorePath.ringSuffix) }.map {
            String($0.dropLast(StorePath.ringSuffix.count))
        }
        .filter(RingSpec.isFileName)
    }

    /// What was read, and what of it was not whole.
    package struct Reading<Content: Sendable>: Sendable {
        package let content: Content
        /// Records that were written and fail their checksum now; they count as never written.
        package let damagedCount: Int
        /// What else is missing, in sentences.
        package let notes: [String]
    }

    /// The hours that start in `interval`, of every region that the file holds.
    package func hours(_ check: String, in interval: Interval) throws(StoreError) -> Reading<[HourHistory]>? {
        guard let ring = try open(check) else { return nil }
        var damaged = 0
        var all: [HourHistory] = []
        for (index, region) in ring.header.regions.enumerated() {
            let reading = try ring.hours(ring: index, in: interval)
            damaged += reading.damaged
            all.append(HourHistory(region: region, hours: reading.records))
        }
        return Reading(content: all, damagedCount: damaged, notes: try notes(of: ring))
    }

    /// The outages that ended and were kept, oldest first.
    package func outages(_ check: String) throws(StoreError) -> Reading<[OutageRecord]>? {
        guard let ring = try open(check) else { return nil }
        let reading = try ring.allOutages()
        return Reading(
            content: reading.records.map(\.record), damagedCount: reading.damaged, notes: try notes(of: ring))
    }

    /// Up to where hours, verdicts and outages are made of the slots; nil while none are.
    package func rolledUntil(_ check: String) throws(StoreError) -> Instant? { try open(check)?.header.rolledUntil }

    /// The start of the newest slot that holds a sample; nil when none does, or the check has no ring file.
    package func newestSlot(_ check: String) throws(StoreError) -> Instant? {
        guard let view = try view(of: check), let newest = view.newest else { return nil }
        return view.ring.header.start(sequence: newest)
    }

    /// The eras of a check, oldest first; nil when it has no ring file.
    package func eras(_ check: String) throws(StoreError) -> [Era]? { try open(check)?.header.eras }

    package func birth(_ check: String) throws(StoreError) -> Instant? { try view(of: check)?.birth }

    /// A reader that has read the journal once, for all of `checks`: for reports of many.
    package func reading(of checks: [String]) throws(StoreError) -> StoreReader {
        var reader = self
        reader.tail = try JournalTail.read(store: path, checks: checks)
        return reader
    }

    /// Bytes that the ring file of `spec` takes from its first moment on.
    package static func bytes(of spec: RingSpec) -> Int64 {
        RingLayout(periodNs: spec.periodNs, retention: spec.retention, regionCount: spec.regions.count).fileBytes
    }

    func open(_ check: String) throws(StoreError) -> RingFile? {
        guard RingSpec.isFileName(check),
            let file = try StoreFile.open(StorePath.ring(of: check, in: path), .read)
        else { return nil }
        return try RingFile(file, check: check)
    }

    /// A ring file and what the journal has for it.
    struct View {
        let ring: RingFile
        /// By ring of the file; empty when the journal has nothing.
        var tail: [PendingSlots] = []
        var newest: Int64?
        var birth: Instant?
        var damagedCount = 0
    }

    func view(of check: String) throws(StoreError) -> View? {
        // The journal first: what it loses meanwhile is in the ring by then.
        let tail: JournalTail
        if let read = self.tail { tail = read } else { tail = try JournalTail.read(store: path, checks: [check]) }
        guard let ring = try open(check) else { return nil }
        var view = View(ring: ring, newest: try ring.newestSequence(), birth: ring.header.birth)
        view.damagedCount = tail.damagedCount
        let slots = ring.header.regions.map { tail.slots(check: check, region: $0).reckonable(by: ring.header) }
        guard slots.contains(where: { !$0.isEmpty }) else { return view }
        view.tail = slots
        for waiting in slots {
            guard let newest = waiting.newest else { continue }
            view.newest = max(view.newest ?? newest, newest)
            // Oldest first: the first known one is the earliest.
            if let first = waiting.entries.first(where: { $0.slot.verdict.isKnown }) {
                let start = ring.header.start(sequence: first.sequence)
                view.birth = min(view.birth ?? start, start)
            }
        }
        return view
    }

    func notes(of ring: RingFile) throws(StoreError) -> [String] {
        let bytes = try ring.file.size()
        return bytes < ring.layout.fileBytes ? ["\(ring.path): \(ring.missingText(bytes: bytes))"] : []
    }
}
