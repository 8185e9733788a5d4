import Vocabulary

/// One going round of all rings: what waits is written into them, then brought to the disk, then the journal is cut.
struct MovePass {
    /// Failures of writing back are told from its opening on.
    let folder: OpenFolder
    /// Segments before this one hold nothing else; nil for a pass over rings that failed before, which cuts nothing.
    let cutBefore: UInt64?
    let rings: [Int]
    var work: Work
    /// How many of the rings have had their turn.
    var next = 0
    var touched: [Int] = []
    /// Rings that could not be written, and why the first could not; the pass goes on with the others.
    var failed: [Int] = []
    var failure: StoreError?

    enum Work {
        /// Headers that a killed process wrote are brought to the disk before any other copy is touched.
        case preparing
        case moving
        case syncing
    }
}

/// A folder that the pass keeps open and another thread syncs.
final class OpenFolder: Sendable {
    let folder: StoreFolder
    init(_ folder: consuming StoreFolder) { self.folder = folder }
    func syncAll() throws(StoreError) { try folder.syncAll() }
}

extension StoreWriter {
    /// So many rings a turn: some milliseconds, so that ten thousand of them do not hold up the core loop.
    static let ringsPerTurn = 16
    /// Up to so many files are synced one by one; of more the file system is, in one call.
    private static let filesSyncedMax = 16
    /// Slots that a writer without a journal holds before they move.
    private static let directMax = 500_000

    func isMoveDue(at now: Instant) -> Bool {
        if !options.journals { return directCount >= StoreWriter.directMax }
        guard let lastPass else { return false }
        let isHurried = isJournalBroken || hasPassFailed || !failedRings.isEmpty
        return abs(now - lastPass) >= (isHurried ? StoreWriter.hurriedMoveNs : StoreWriter.moveNs)
            || journal.bytes > JournalWriter.segmentBytesMax && abs(now - lastPass) >= StoreWriter.hurriedMoveNs
    }

    func beginPass(at now: Instant) {
        // A few rings that could not be written are tried again soon, without all the others.
        let isSecond =
            !failedRings.isEmpty && !hasPassFailed && !isJournalBroken
            && lastWholePass.map { abs(now - $0) < StoreWriter.moveNs } ?? false
        lastPass = now
        if !isSecond { lastWholePass = now }
        directCount = 0
        do throws(StoreError) {
            let folder = OpenFolder(try StoreFolder(StorePath.rings(path), watch: options.watch))
            if !isSecond {
                try claimLeft()
                // What is still in the batch comes into the rings all the same.
                journal.forgetBatch()
                journal.rotate()
            }
            let isPrepared = rings.allSatisfy { $0.isSettled }
            pass = MovePass(
                folder: folder, cutBefore: isSecond ? nil : journal.number,
                rings: isSecond ? failedRings : Array(rings.indices), work: isPrepared ? .moving : .preparing)
            if !isPrepared { beginSync() }
        } catch {
            failedTries += 1
            ringFault = error
            hasPassFailed = true
        }
    }

    /// Slots of checks that nobody opened go into their rings as well; where there is no ring any more they go.
    private func claimLeft() throws(StoreError) {
        for (check, all) in left {
            guard RingSpec.isFileName(check),
                let file = try StoreFile.open(StorePath.ring(of: check, in: path), .readWrite, watch: options.watch)
            else {
                left[check] = nil
                continue
            }
            let state = try RingState(try RingFile(file, check: check), isSettled: false)
            for series in all { state.adopt(series.slots, region: series.region) }
            add(state)
            left[check] = nil
        }
    }

    /// Moves up to `rings` rings, or hands the pass to the disk when none is left.
    func advancePass(rings count: Int, at now: Instant) {
        guard let present = pass, case .moving = present.work else { return }
        var done = 0
        while done < count, let place = pass?.next, place < present.rings.count {
            let next = present.rings[place]
            pass?.next = place + 1
            do throws(StoreError) {
                if try move(next, at: now) {
                    pass?.touched.append(next)
                    done += 1
                }
            } catch {
                // Opened again, and written again, with the next pass.
                closeFile(next)
                pass?.failed.append(next)
                if pass?.failure == nil { pass?.failure = error }
                done += 1
            }
        }
        guard let end = pass?.next, end >= present.rings.count else { return }
        beginSync()
    }

    /// Brings to the disk what the pass has written, and before that what an earlier process may not have.
    private func beginSync() {
        guard var pass, ringSync.isIdle else { return }
        let folder = pass.folder
        var files: [OpenFile]? = []
        if case .preparing = pass.work {
            files = nil
        } else {
            pass.work = .syncing
            if pass.touched.count > StoreWriter.filesSyncedMax {
                files = nil
            } else {
                for index in pass.touched {
                    // One that cannot be opened is one of those that failed.
                    guard let file = try? file(of: index) else { continue }
                    files?.append(file.opened)
                }
            }
        }
        self.pass = pass
        let wanted = options.syncs ? files : []
        ringSync.begin {
            do throws(StoreError) {
                guard let wanted else {
                    try folder.syncAll()
                    return nil
                }
                for file in wanted { try file.sync() }
                return nil
            } catch {
                return error
            }
        }
    }

    func takePassOutcome(_ outcome: Result<Void, StoreError>) {
        guard var ended = pass else { return }
        if case .preparing = ended.work, case .success = outcome {
            for ring in rings { ring.isSettled = true }
            ended.work = .moving
            pass = ended
            return
        }
        pass = nil
        if case .failure(let error) = outcome {
            // Which writes the disk has dropped nobody knows: all are done again, through files opened anew.
            failedTries += 1
            ringFault = error
            hasPassFailed = true
            for index in ended.touched + ended.failed { rings[index].unsettle() }
            return closeFiles()
        }
        // Descriptors are for probes, too.
        if options.journals { closeFiles() }
        for index in ended.touched { rings[index].settle() }
        for index in ended.failed { rings[index].unsettle() }
        ringFault = ended.failure
        if ringFault != nil { failedTries += 1 }
        failedRings = ended.failed
        guard let cut = ended.cutBefore else { return }
        hasPassFailed = ended.touched.isEmpty && !ended.failed.isEmpty
        waitingCount = 0
        if ended.failed.isEmpty { cutJournal(before: cut) } else { carry(ended, cut) }
    }

    /// What could not move goes into the present segment too, so that a few bad rings do not keep the journal from
    /// being cut.
    private func carry(_ ended: MovePass, _ cut: UInt64) {
        guard options.journals, !isJournalBroken, !hasPassFailed else { return }
        let now = lastPass ?? newestInstant
        do throws(StoreError) {
            for index in ended.failed { try journalise(rings[index], at: now) }
            try flushJournal(at: now)
            cutWanted = cut
        } catch {
            breakJournal(error, at: now)
        }
    }

    /// A whole pass at once, waited for. Throws when something could not be moved.
    func moveAll(at now: Instant) throws(StoreError) {
        // One that is under way may have gone past a ring that has new slots since.
        finishPass(at: now)
        lastWholePass = nil
        beginPass(at: now)
        finishPass(at: now)
        if let ringFault { throw ringFault }
    }

    private func finishPass(at now: Instant) {
        while pass != nil {
            advancePass(rings: Int.max, at: now)
            if let outcome = ringSync.wait() { takePassOutcome(outcome) }
        }
    }

    /// Writes what waits for a ring into its file: slots, then what follows from them. False when there was nothing.
    private func move(_ index: Int, at now: Instant) throws(StoreError) -> Bool {
        let state = rings[index]
        let isRollDue = options.rules != nil && isRollDue(state, at: now)
        guard state.isWaiting || state.needsFollowing || isRollDue else { return false }
        state.gather()
        let ring = try file(of: index)
        if let rules = options.rules { try rollWhatIsLeft(state, ring, rules, at: now) }
        let capacity = state.header.layout.slotCapacity
        var earliest: Instant?
        for place in state.series.indices {
            for run in state.series[place].moving.runs(max: Int(capacity)) {
                try write(run, ring, place: place, newest: state.newest ?? 0)
                guard let first = run.first, let last = run.last else { continue }
                state.newestInFile = max(state.newestInFile ?? last.sequence, last.sequence)
                let start = state.header.start(sequence: first.sequence)
                earliest = min(earliest ?? start, start)
            }
        }
        var next = state.header
        if let earliest, let rolled = next.rolledUntil, earliest < rolled {
            next.rolledUntil = earliest.hourStart
        }
        if let rules = options.rules { try roll(state, ring, &next, rules, at: now) }
        try writeHeader(next, state, ring)
        return true
    }

    /// What has a later lap at its place stays out.
    private func write(
        _ run: ArraySlice<PendingSlots.Entry>, _ ring: RingFile, place: Int, newest: Int64
    ) throws(StoreError) {
        guard let first = run.first else { return }
        if first.sequence > newest - ring.layout.slotCapacity {
            return try ring.write(run.map(\.slot), ring: place, firstSequence: first.sequence)
        }
        for entry in run {
            if try ring.holdsLaterLap(ring: place, sequence: entry.sequence) { continue }
            try ring.write([entry.slot], ring: place, firstSequence: entry.sequence)
        }
    }

    /// The header is written when it says something new: into the copy that is not the one on the disk.
    private func writeHeader(_ header: RingHeader, _ state: RingState, _ ring: RingFile) throws(StoreError) {
        var next = header
        let isBirth = state.birth != next.birth
        next.birth = state.birth
        if let newest = state.newestInFile, newest > (next.newestKnown ?? .min / 2) + next.layout.newestStep {
            next.newestKnown = newest
        }
        guard next != state.safeHeader || state.needsFollowing else { return }
        next.generation = state.header.generation + 1
        let copy = 1 - state.safeCopy
        try ring.write(next, copy: copy)
        state.header = next
        state.copy = copy
        state.needsFollowing = isBirth || state.safeHeader.newestKnown == nil
    }
}
