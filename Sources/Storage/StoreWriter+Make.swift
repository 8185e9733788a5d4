import Vocabulary

extension StoreWriter {
    /// Up to so many ring files are made one by one, by `open`.
    static let filesMadeMax = 16

    /// Makes the ring files that checks have not yet, before they are opened, where there are many: all are brought to
    /// the disk in one call and then get their names, while `open` waits for the disk three times for each.
    /// What fails half-way is for the next start, which removes what has no name yet.
    package func makeRings(_ specs: [RingSpec], now: Instant) throws(StoreError) {
        var missing: [RingSpec] = []
        // A file under a former name is `open`'s to find.
        for spec in specs where spec.formerCheck == nil {
            if try StoreFile.open(StorePath.ring(of: spec.check, in: path), .read) == nil { missing.append(spec) }
        }
        guard missing.count > StoreWriter.filesMadeMax else { return }
        let folder = try StoreFolder(StorePath.rings(path), watch: options.watch)
        for spec in missing {
            let beside = StorePath.ring(of: spec.check, in: path) + RingFile.unfinishedSuffix
            do throws(StoreError) {
                guard let file = try StoreFile.open(beside, .create, watch: options.watch) else {
                    throw .noStore(path: beside)
                }
                _ = try RingFile(file, new: RingHeader(spec: spec, now: now))
            } catch {
                throw error.naming(StorePath.ring(of: spec.check, in: path), insteadOf: beside)
            }
        }
        if options.syncs { try folder.syncAll() }
        for spec in missing {
            let ring = StorePath.ring(of: spec.check, in: path)
            try StoreFolder.rename(ring + RingFile.unfinishedSuffix, to: ring, syncs: false, watch: options.watch)
        }
        try folder.sync()
    }
}
