import Vocabulary

/// One check's ring file, open. A writer owns its own; a reader opens one for each question.
final class RingFile {
    let file: StoreFile
    private(set) var header: RingHeader
    /// The copy of the header that is surely on the disk; the other one is free to be written.
    private var safeCopy: Int
    /// The header is on the disk: false for one that was just read, because the last writer may have been killed.
    private var isSafe: Bool
    /// The free copy was written since the last sync.
    private var hasNewCopy = false
    private(set) var isDirty = false
    private var syncFault: StoreError?

    var layout: RingLayout { header.layout }
    var path: String { file.path }

    /// Reads the header of a file that should hold the history of `check`.
    init(_ file: consuming StoreFile, check: String) throws(StoreError) {
        let newest = try RingFile.newestCopy(of: file, check: check)
        self.file = file
        header = newest.header
        safeCopy = newest.copy
        isSafe = false
    }

    /// Gives a new file its full size and its header, twice.
    init(_ file: consuming StoreFile, new header: RingHeader) throws(StoreError) {
        precondition(header.layout.isSound && header.isSound, "a new ring file can be read again")
        try file.reserve(bytes: header.layout.fileBytes)
        for copy in 0...1 { try file.write(header.bytes, at: Int64(copy * RingHeader.copyBytes)) }
        try file.sync()
        self.file = file
        self.header = header
        safeCopy = 0
        isSafe = true
    }

    // MARK: Header

    /// Writes the changed header into the copy that the last sync did not vouch for, so that one is always whole.
    func update(_ change: (inout RingHeader) -> Void) throws(StoreError) {
        if !isSafe {
            try file.sync()
            isSafe = true
        }
        var next = header
        change(&next)
        next.generation += 1
        try file.write(next.bytes, at: Int64((1 - safeCopy) * RingHeader.copyBytes))
        header = next
        hasNewCopy = true
        isDirty = true
    }

    /// Everything written so far is on the disk when this returns. A sync that failed once keeps failing until the
    /// file is opened again: the kernel has dropped what it could not write, and a second try would hide that.
    func sync() throws(StoreError) {
        if let syncFault { throw syncFault }
        guard isDirty else { return }
        do { try file.sync() } catch {
            syncFault = error
            throw error
        }
        isSafe = true
        isDirty = false
        guard hasNewCopy else { return }
        // Now the other copy may follow, so that either alone says everything; the next sync takes it to the disk.
        safeCopy = 1 - safeCopy
        hasNewCopy = false
        isDirty = true
        try file.write(header.bytes, at: Int64((1 - safeCopy) * RingHeader.copyBytes))
    }

    private static func newestCopy(
        of file: borrowing StoreFile, check: String
    ) throws(StoreError) -> (header: RingHeader, copy: Int) {
        let copies = [try readCopy(file, 0), try readCopy(file, 1)]
        var newest: (header: RingHeader, copy: Int)?
        var otherVersion: Int?
        var isForeign = try file.size() >= RingHeader.magic.count
        for (index, copy) in copies.enumerated() {
            switch copy {
            case .whole(let header):
                if header.generation > newest?.header.generation ?? 0 { newest = (header, index) }
            case .otherVersion(let version): otherVersion = otherVersion ?? version
            case .damaged: isForeign = false
            case .foreign: continue
            }
        }
        if let newest {
            guard newest.header.check == check else {
                throw .otherCheck(path: file.path, check: check, holds: newest.header.check)
            }
            return newest
        }
        if let otherVersion { throw .otherVersion(path: file.path, version: otherVersion) }
        if isForeign { throw .notARing(path: file.path) }
        throw .headerLost(path: file.path, bytes: try file.size())
    }

    private static func readCopy(_ file: borrowing StoreFile, _ copy: Int) throws(StoreError) -> RingHeader.Copy {
        let offset = Int64(copy * RingHeader.copyBytes)
        // Most headers fill a fraction of a page; only one that does not is read in full.
        let page = RingHeader.read(try file.read(count: Int(RingLayout.pageBytes), at: offset))
        guard case .damaged = page else { return page }
        return RingHeader.read(try file.read(count: RingHeader.copyBytes, at: offset))
    }

    // MARK: Rings

    /// Writes bytes of a ring.
    func pour(_ buffer: UnsafeRawBufferPointer, at offset: Int64) -> Result<Void, StoreError> {
        isDirty = true
        return file.pour(buffer, at: offset)
    }
}
