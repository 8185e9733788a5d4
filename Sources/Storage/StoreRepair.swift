import Vocabulary

/// Makes a copy of a store that holds what is whole of it. The store itself is left as it is.
package enum StoreRepair {
    package struct Outcome: Hashable, Sendable {
        /// What was not whole, as verifying it says.
        package let lost: StoreFindings
        /// Records of the copy.
        package let keptCount: Int64
        package init(lost: StoreFindings, keptCount: Int64) {
            self.lost = lost
            self.keptCount = keptCount
        }
    }

    /// `copy` must not be there yet. Throws `busy` while a process writes the store.
    package static func run(
        path: String, copy: String, now: Instant, progress: () -> Void = {}
    ) throws(StoreError) -> Outcome {
        let reader = try StoreReader(path: path)
        if let writer = try reader.writer() { throw .busy(path: path, pid: writer.pid) }
        guard try StoreFolder.names(in: copy) == nil else { throw .inTheWay(path: copy) }
        let lost = try reader.verify(progress: progress)
        // What could be read of the journal is moved into the rings of the copy.
        let tail = try JournalTail.read(store: path, checks: nil)
        try StoreFolder.make(StorePath.rings(copy))
        for check in try reader.checks() {
            do throws(StoreError) {
                guard let ring = try reader.open(check) else { continue }
                try carry(ring, tail: tail.series.filter { $0.check == check }, to: copy)
            } catch StoreError.noSpace(let path, let needed, let free) {
                throw .noSpace(path: path, neededBytes: needed, freeBytes: free)
            } catch {
                // It is among what was lost.
                continue
            }
            progress()
        }
        // The copy is whole, and knows its newest slots: a writer's opening and closing sees to it.
        try StoreWriter(path: copy).close(at: now)
        return Outcome(lost: lost, keptCount: try StoreReader(path: copy).verify().recordCount)
    }

    private static func carry(_ ring: RingFile, tail: [JournalTail.Series], to copy: String) throws(StoreError) {
        let header = ring.header
        let tail = tail.map {
            JournalTail.Series(check: $0.check, region: $0.region, slots: $0.slots.reckonable(by: header))
        }
        _ = try RingFile.made(path: StorePath.ring(of: header.check, in: copy), header, watch: nil) {
            (new: RingFile) throws(StoreError) in
            let newest = [try ring.newestSequence()] + tail.map(\.slots.newest)
            try new.copy(from: ring, newest: newest.compactMap { $0 }.max())
            try new.write(left: tail, newest: newest.compactMap { $0 }.max() ?? 0)
            var next = header
            for series in tail {
                for entry in series.slots.entries where entry.slot.verdict.isKnown {
                    let start = header.start(sequence: entry.sequence)
                    next.birth = min(next.birth ?? start, start)
                }
                if let newest = series.slots.newest { next.newestKnown = max(next.newestKnown ?? newest, newest) }
            }
            try new.settle(next)
        }
    }
}

extension StoreWriter {
    /// Removes a check's ring file, and what waits for it. False when there is none.
    package func forget(_ check: String) throws(StoreError) -> Bool {
        precondition(rings.allSatisfy { $0.check != check }, "a check that is written is not forgotten")
        let file = StorePath.ring(of: check, in: path)
        guard RingSpec.isFileName(check), try StoreFile.open(file, .read) != nil else { return false }
        left[check] = nil
        try StoreFolder.remove(file, watch: options.watch)
        try StoreFolder(StorePath.rings(path), watch: options.watch).sync()
        return true
    }
}
