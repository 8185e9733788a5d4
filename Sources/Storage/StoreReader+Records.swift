import Vocabulary

extension StoreReader {
    /// The process that writes the store now; nil for none.
    package func writer() throws(StoreError) -> StoreInfo.Writer? {
        guard let file = try StoreFile.open(StorePath.lock(path), .read), try !file.lock() else { return nil }
        let text = String(decoding: try file.read(count: 20, at: 0), as: UTF8.self)
        return StoreInfo.Writer(pid: Int(text.prefix { $0.isNumber }))
    }

    /// What stands in the store. Reads every slot: some milliseconds a region. `progress` is called after each check.
    package func info(progress: () -> Void = {}) throws(StoreError) -> StoreInfo {
        let tail = try JournalTail.read(store: path, checks: nil)
        var journalBytes: Int64 = 0
        for number in tail.segments {
            journalBytes += try StoreFile.open(StorePath.segment(number, in: path), .read)?.size() ?? 0
        }
        var info = StoreInfo(
            path: path, writer: try writer(), freeBytes: StoreFolder.freeBytes(near: StorePath.lock(path)),
            journal: StoreInfo.Journal(
                segments: tail.segments.count, bytes: journalBytes,
                waiting: tail.series.reduce(0) { $0 + $1.slots.count }))
        let reader = try reading(of: try checks())
        for check in try checks() {
            do throws(StoreError) {
                if let view = try reader.view(of: check) { info.checks.append(try StoreReader.info(of: view)) }
            } catch {
                info.faults.append("\(error)")
            }
            progress()
        }
        return info
    }

    private static func info(of view: View) throws(StoreError) -> StoreInfo.Ring {
        let ring = view.ring
        let layout = ring.layout
        func filled(
            of places: Int64, _ each: ((Int64, RingFile.RecordState) -> Void) throws(StoreError) -> Void
        ) throws(StoreError) -> StoreInfo.Fill {
            var filled: Int64 = 0
            try each { _, state in if state != .unwritten { filled += 1 } }
            return StoreInfo.Fill(places: places, filled: filled)
        }
        var regions: [StoreInfo.Region] = []
        for (index, region) in ring.header.regions.enumerated() {
            var places = Set<Int64>()
            var count: Int64 = 0
            var (oldest, newest) = (Int64.max, Int64.min)
            let waiting = view.tail.isEmpty ? PendingSlots() : view.tail[index]
            for entry in waiting.entries {
                places.insert(entry.sequence % layout.slotCapacity)
                oldest = min(oldest, entry.sequence)
                newest = max(newest, entry.sequence)
            }
            try ring.eachSlot(ring: index) { place, sequence, _ in
                if !places.contains(place) { count += 1 }
                guard let sequence else { return }
                oldest = min(oldest, sequence)
                newest = max(newest, sequence)
            }
            regions.append(
                StoreInfo.Region(
                    region: region,
                    slots: StoreInfo.Fill(places: layout.slotCapacity, filled: count + Int64(places.count)),
                    hours: try filled(of: layout.hourCapacity) { body throws(StoreError) in
                        try ring.eachHour(ring: index, body)
                    },
                    oldest: oldest == .max ? nil : ring.header.start(sequence: oldest),
                    newest: newest == .min ? nil : ring.header.start(sequence: newest)))
        }
        return StoreInfo.Ring(
            check: ring.header.check, bytes: try ring.file.size(),
            periodNs: ring.header.eras[ring.header.eras.count - 1].periodNs, retention: ring.header.retention,
            eras: ring.header.eras.count, birth: view.birth, rolledUntil: ring.header.rolledUntil,
            verdicts: try filled(of: layout.blockCapacity) { body throws(StoreError) in try ring.eachBlock(body) },
            outages: try filled(of: RingLayout.outageCapacity) { body throws(StoreError) in
                try ring.eachOutage(body)
            }, regions: regions)
    }

    /// Reads every record of every ring and frame of the journal. What a running writer is at is read again.
    package func verify(progress: () -> Void = {}) throws(StoreError) -> StoreFindings {
        var findings = StoreFindings()
        for number in try JournalSegment.numbers(in: path) {
            guard let file = try StoreFile.open(StorePath.segment(number, in: path), .read) else { continue }
            try StoreReader.verify(file, number: number, isLast: true, into: &findings)
        }
        for check in try checks() {
            do throws(StoreError) {
                if let ring = try open(check) { try ring.verify(into: &findings) }
            } catch {
                findings.add("\(error)")
            }
            progress()
        }
        return findings
    }

    /// Bytes behind the last frame are no fault: a batch that a killed writer did not finish was never handed over.
    private static func verify(
        _ file: borrowing StoreFile, number: UInt64, isLast: Bool, into findings: inout StoreFindings
    ) throws(StoreError) {
        var found = findings
        let path = file.path
        let walk = try JournalSegment.walk(file, number: number) { _, frame, offset in
            found.recordCount += 1
            if !JournalFrame.isWhole(frame) { found.add("\(path): the frame at byte \(offset) is damaged") }
        }
        if walk.isHeaderDamaged, try file.size() >= JournalSegment.headerBytes {
            found.add("\(path): its header is damaged")
        }
        if walk.gaps > 0 { found.add("\(path): \(walk.gaps) places between frames cannot be read") }
        findings = found
    }
}
