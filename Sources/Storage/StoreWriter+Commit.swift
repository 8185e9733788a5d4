import Vocabulary

extension StoreWriter {
    /// At most so often the journal is brought to the disk: what a power cut can cost.
    package static let groupNs = Duration.secondNs
    /// After a failure the journal is tried again so much later.
    package static let retryNs = 5 * Duration.secondNs
    /// Slots move into the rings so often; while the journal takes nothing, or a move failed, sooner.
    package static let moveNs = Duration.hourNs
    package static let hurriedMoveNs = Duration.minuteNs

    /// Ends a turn: what was put is in the journal when this returns, unless `fault` says otherwise. Brings the
    /// journal to the disk when a second has passed, and slots into the rings, a few a turn, when an hour has.
    /// Never waits for the disk longer than a write into memory does: syncs are another thread's.
    package func commit(at now: Instant) {
        lastPass = lastPass ?? (journal.older.isEmpty ? now : now - StoreWriter.moveNs + StoreWriter.hurriedMoveNs)
        takeOutcomes()
        if options.journals { writeJournal(at: now) }
        if pass == nil, isMoveDue(at: now) { beginPass(at: now) }
        advancePass(rings: StoreWriter.ringsPerTurn, at: now)
        if fault == nil { failedTries = 0 }
    }

    /// Everything put before is on the disk when this returns.
    package func sync(at now: Instant? = nil) throws(StoreError) {
        let now = now ?? newestInstant
        takeOutcomes(waits: true)
        if options.journals {
            writeJournal(at: now, isForced: true)
            takeOutcomes(waits: true)
        } else {
            try moveAll(at: now)
        }
        if let fault { throw fault }
    }

    /// Everything is in the rings and on the disk; the journal is cut.
    func finish(at now: Instant?) throws(StoreError) {
        let now = now ?? newestInstant
        if options.journals { writeJournal(at: now, isForced: true) }
        do throws(StoreError) {
            try moveAll(at: now)
            // Once more, for the headers that the first pass let follow.
            if rings.contains(where: \.needsFollowing) { try moveAll(at: now) }
        } catch {
            // What could not move stays in the journal, where the next start finds it.
            takeOutcomes(waits: true)
            throw error
        }
    }

    /// Stands for a clock where none is given, in tests and imports.
    var newestInstant: Instant {
        let newest = rings.compactMap { ring in ring.newest.map { ring.header.start(sequence: $0) } }.max()
        return newest ?? Instant(nanoseconds: 0)
    }

    // MARK: Journal

    private func writeJournal(at now: Instant, isForced: Bool = false) {
        if isJournalBroken {
            if let nextTry, now < nextTry, nextTry - now <= StoreWriter.retryNs, !isForced { return }
            rewriteJournal(at: now)
        } else {
            do throws(StoreError) {
                try flushJournal(at: now)
            } catch {
                breakJournal(error, at: now)
            }
        }
        let isTime = lastSync.map { abs(now - $0) >= StoreWriter.groupNs } ?? true
        guard isTime || isForced, journal.isDirty, journalSync.isIdle, let job = journal.takeSync() else { return }
        lastSync = now
        cutUnderWay = cutWanted
        cutWanted = nil
        if options.syncs { journalSync.begin(job) } else { journalSync.begin { nil } }
    }

    func flushJournal(at now: Instant) throws(StoreError) {
        guard journal.bytes <= JournalWriter.bytesMax else {
            throw .noSpace(path: StorePath.journal(path), neededBytes: journal.bytes, freeBytes: 0)
        }
        try journal.flush(at: now)
    }

    /// What the journal should hold is in memory: it goes into a new segment as soon as one can be written. A sync
    /// that failed is never tried again: the kernel may have dropped what it could not write.
    func breakJournal(_ error: StoreError, at now: Instant) {
        journalFault = error
        if !isJournalBroken {
            failedTries += 1
            isJournalBroken = true
            waitingCount = 0
        }
        journal.abandon(isWhole: true)
        isJournalOnTrial = false
        cutUnderWay = nil
        nextTry = now + StoreWriter.retryNs
    }

    /// Everything that waits for its ring, into a new segment.
    private func rewriteJournal(at now: Instant) {
        nextTry = now + StoreWriter.retryNs
        do throws(StoreError) {
            for state in rings { try journalise(state, at: now) }
            try flushJournal(at: now)
        } catch {
            failedTries += 1
            journalFault = error
            return journal.abandon(isWhole: false)
        }
        isJournalBroken = false
        isJournalOnTrial = journal.isDirty
        journal.removeDoubtful()
        if !isJournalOnTrial { endTrial() }
    }

    /// Adds what waits for one ring to the batch, and writes it when it is large.
    func journalise(_ state: RingState, at now: Instant) throws(StoreError) {
        for index in state.series.indices {
            for entry in state.series[index].moving.entries + state.series[index].fresh.entries {
                write(entry.slot, state, place: index, at: entry.sequence)
            }
        }
        if journal.isBatchLarge { try flushJournal(at: now) }
    }

    /// The new segment is on the disk, or nothing waited: all is well again.
    private func endTrial() {
        isJournalOnTrial = false
        waitingCount = 0
        journalFault = nil
    }

    func cutJournal(before number: UInt64) {
        // What cannot be removed now is removed with the next pass, soon: reading it again says nothing new.
        do throws(StoreError) {
            try journal.cut(before: number)
        } catch {
            ringFault = error
            hasPassFailed = true
        }
    }

    // MARK: Outcomes

    /// What became of the syncs that were under way.
    private func takeOutcomes(waits: Bool = false) {
        if let outcome = waits ? journalSync.wait() : journalSync.takeOutcome() {
            switch outcome {
            case .success:
                if isJournalOnTrial { endTrial() }
                if let cut = cutUnderWay { cutJournal(before: cut) }
                cutUnderWay = nil
            case .failure(let error): breakJournal(error, at: lastSync ?? newestInstant)
            }
        }
        if let outcome = waits ? ringSync.wait() : ringSync.takeOutcome() { takePassOutcome(outcome) }
    }
}
