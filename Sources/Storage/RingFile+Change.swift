import Vocabulary

extension RingFile {
    /// The ring file of a check, made when there is none and changed when `spec` asks for something else: a new period,
    /// vote or set of regions begins an era; what needs other room is carried over into a new file, whole records only.
    /// `left`: slots that wait for the file; where it changes they are written into it before.
    /// `isSettled`: everything in the file was brought to the disk here.
    static func prepared(
        path: String, spec: RingSpec, now: Instant, left: [JournalTail.Series], watch: (any StoreWatch)?
    ) throws(StoreError) -> (ring: RingFile, notes: [String], isSettled: Bool) {
        guard let file = try StoreFile.open(path, .readWrite, watch: watch) else {
            let header = RingHeader(spec: spec, now: now)
            return (try made(path: path, header, watch: watch) { _ throws(StoreError) in }, [], true)
        }
        let ring = try RingFile(file, check: spec.check, formerly: spec.formerCheck)
        let renamed = ring.header.renamed(spec)
        if renamed != ring.header { try ring.settle(renamed) }
        let restored = try ring.restoreSize()
        let followed = try ring.following(spec, now: now, left: left, watch: watch)
        return (followed.ring, (restored + followed.notes).map { "\(path): \($0)" }, followed.isSettled)
    }

    /// This ring as `spec` wants it: itself, or a new file in its place.
    private func following(
        _ spec: RingSpec, now: Instant, left: [JournalTail.Series], watch: (any StoreWatch)?
    ) throws(StoreError) -> (ring: RingFile, notes: [String], isSettled: Bool) {
        if isAsWanted(spec) { return (self, [], false) }
        var newest = try newestSequence()
        for series in left { newest = [newest, series.slots.newest].compactMap { $0 }.max() }
        let (next, hasForgotten) = header.following(spec, newest: newest, now: now)
        let notes = hasForgotten ? ["the oldest of \(RingHeader.erasMax + 1) eras was forgotten"] : []
        let needed = RingLayout(
            periodNs: spec.periodNs, retention: spec.retention, regionCount: header.regions.count)
        let isRoomy =
            header.retention == spec.retention && layout.holds(needed)
            && spec.regions.allSatisfy(header.regions.contains)
        if !isRoomy {
            try write(left: left, newest: newest ?? 0)
            let kept = next.withoutPast(keeping: spec, now: now)
            guard kept.regions.count <= RingHeader.regionsMax else {
                throw .tooManyRegions(path: path, count: kept.regions.count)
            }
            let ring = try RingFile.made(path: path, kept, watch: watch) { (ring: RingFile) throws(StoreError) in
                try ring.copy(from: self, newest: newest)
            }
            return (ring, notes, true)
        }
        guard next != header else { return (self, notes, false) }
        try settle(next)
        return (self, notes, true)
    }

    /// Whether `spec` asks for nothing new.
    private func isAsWanted(_ spec: RingSpec) -> Bool {
        guard let last = header.eras.last else { return false }
        let needed = RingLayout(
            periodNs: spec.periodNs, retention: spec.retention, regionCount: header.regions.count)
        return last.periodNs == spec.periodNs && last.vote == spec.vote && last.regions == spec.regions
            && header.retention == spec.retention && layout.holds(needed)
    }

    /// Slots that wait for this file, so that it is copied with them.
    func write(left: [JournalTail.Series], newest: Int64) throws(StoreError) {
        for series in left {
            guard let ring = header.regions.firstIndex(of: series.region) else { continue }
            for entry in series.slots.entries where entry.sequence >= header.oldestSequence {
                if entry.sequence <= newest - layout.slotCapacity,
                    try holdsLaterLap(ring: ring, sequence: entry.sequence)
                {
                    continue
                }
                try write([entry.slot], ring: ring, firstSequence: entry.sequence)
            }
        }
    }

    /// Makes a file beside `path`, has it filled, and puts it there whole: at any moment the old or the new one stands.
    static func made(
        path: String, _ header: RingHeader, watch: (any StoreWatch)?,
        fill: (RingFile) throws(StoreError) -> Void
    ) throws(StoreError) -> RingFile {
        let beside = path + RingFile.unfinishedSuffix
        do throws(StoreError) {
            guard let file = try StoreFile.open(beside, .create, watch: watch) else {
                throw StoreError.noStore(path: beside)
            }
            let ring = try RingFile(file, new: header)
            try fill(ring)
            try ring.file.sync()
            try StoreFolder.rename(beside, to: path, watch: watch)
        } catch {
            // The next start removes what is left, and this error says more.
            try? StoreFolder.remove(beside)
            throw error.naming(path, insteadOf: beside)
        }
        guard let file = try StoreFile.open(path, .readWrite, watch: watch) else { throw .noStore(path: path) }
        return try RingFile(file, check: header.check)
    }

    /// What a file is called until it is whole.
    static let unfinishedSuffix = ".new"

    /// Copies what is whole and still kept: slots by region and sequence number, and verdict blocks.
    func copy(from old: RingFile, newest: Int64?) throws(StoreError) {
        guard let newest else { return }
        for (ring, region) in header.regions.enumerated() {
            guard let oldRing = old.header.regions.firstIndex(of: region) else { continue }
            try copyHours(from: old, otherRing: oldRing, ring: ring)
            let all = try old.allSlots(ring: oldRing, newest: newest).filter { $0.sequence >= header.oldestSequence }
            // Runs without a gap, oldest first: where the new ring is shorter, the newer one of a place stays.
            var first = 0
            while first < all.count {
                var end = first + 1
                while end < all.count, end - first < Int(layout.slotCapacity),
                    all[end].sequence == all[end - 1].sequence + 1
                {
                    end += 1
                }
                try write(all[first..<end].map(\.slot), ring: ring, firstSequence: all[first].sequence)
                first = end
            }
        }
        try copyVerdicts(from: old)
        try copyOutages(from: old)
    }

    /// Gives a file that was cut short its full size again, and says what is missing.
    private func restoreSize() throws(StoreError) -> [String] {
        let bytes = try file.size()
        guard bytes < layout.fileBytes else { return [] }
        try file.reserve(bytes: layout.fileBytes)
        return [missingText(bytes: bytes)]
    }

    /// What a file cut short to `bytes` has lost.
    func missingText(bytes: Int64) -> String {
        func lost(_ offset: Int64, _ recordBytes: Int64, _ capacity: Int64) -> Int64 {
            capacity - min(max((bytes - offset) / recordBytes, 0), capacity)
        }
        var parts: [String] = []
        func add(_ what: String, _ offset: Int64, _ recordBytes: Int64, _ capacity: Int64) {
            let count = lost(offset, recordBytes, capacity)
            if count > 0 { parts.append("\(count) of \(capacity) \(what)") }
        }
        for (ring, region) in header.regions.enumerated() {
            add("slots of \"\(region)\"", layout.slotsOffset(region: ring), RingLayout.slotBytes, layout.slotCapacity)
            add("hours of \"\(region)\"", layout.hoursOffset(region: ring), layout.hourBytes, layout.hourCapacity)
        }
        add("verdict blocks", layout.verdictsOffset, RingLayout.blockBytes, layout.blockCapacity)
        add("outages", layout.outagesOffset, RingLayout.outageBytes, RingLayout.outageCapacity)
        return "cut short at byte \(bytes) of \(layout.fileBytes); places lost, now unknown: "
            + parts.joined(separator: ", ")
    }
}
