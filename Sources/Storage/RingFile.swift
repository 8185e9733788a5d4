import Vocabulary

/// One check's ring file, open. A writer owns its own; a reader opens one for each question.
final class RingFile {
    let opened: OpenFile
    private(set) var header: RingHeader
    /// Which of the two copies of the header holds it; the other one is older, or says the same.
    private(set) var copy: Int

    var file: StoreFile { _read { yield opened.file } }
    var layout: RingLayout { header.layout }
    var path: String { opened.path }

    /// Reads the header of a file that should hold the history of `check`, or of what it was called before.
    init(_ file: consuming StoreFile, check: String, formerly former: String? = nil) throws(StoreError) {
        let newest = try RingFile.newestCopy(of: file, check: check, former)
        opened = OpenFile(file)
        header = newest.header
        copy = newest.copy
    }

    /// A file whose header is known: its writer opens it again.
    init(_ file: consuming StoreFile, header: RingHeader, copy: Int) {
        opened = OpenFile(file)
        self.header = header
        self.copy = copy
    }

    /// Gives a new file its full size and its header, twice; nothing of it need be on the disk.
    init(_ file: consuming StoreFile, new header: RingHeader) throws(StoreError) {
        precondition(header.layout.isSound && header.isSound, "a new ring file can be read again")
        try file.reserve(bytes: header.layout.fileBytes)
        for copy in 0...1 { try file.write(header.bytes, at: Int64(copy * RingHeader.copyBytes)) }
        opened = OpenFile(file)
        self.header = header
        copy = 0
    }

    // MARK: Header

    /// Writes a header into one copy's place. The other copy must be on the disk: it is what a torn write leaves.
    func write(_ next: RingHeader, copy: Int) throws(StoreError) {
        try file.write(next.bytes, at: Int64(copy * RingHeader.copyBytes))
        header = next
        self.copy = copy
    }

    /// Writes a header into both places, each on the disk before the other is touched.
    func settle(_ next: RingHeader) throws(StoreError) {
        // The one that was read may be the last word of a writer that was killed.
        try file.sync()
        var next = next
        next.generation = header.generation + 1
        for copy in [1 - copy, copy] {
            try write(next, copy: copy)
            try file.sync()
        }
    }

    private static func newestCopy(
        of file: borrowing StoreFile, check: String, _ former: String?
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
            guard newest.header.check == check || newest.header.check == former else {
                throw .otherCheck(path: file.path, check: check, holds: newest.header.check)
            }
            return newest
        }
        if let otherVersion { throw .otherVersion(path: file.path, version: otherVersion) }
        if isForeign { throw .notARing(path: file.path) }
        throw .headerLost(path: file.path, bytes: try file.size())
    }

    static func readCopy(_ file: borrowing StoreFile, _ copy: Int) throws(StoreError) -> RingHeader.Copy {
        let offset = Int64(copy * RingHeader.copyBytes)
        // Most headers fill a fraction of a page; only one that does not is read in full.
        let page = RingHeader.read(try file.read(count: Int(RingLayout.pageBytes), at: offset))
        guard case .damaged = page else { return page }
        return RingHeader.read(try file.read(count: RingHeader.copyBytes, at: offset))
    }

    // MARK: Rings

    /// Writes bytes of a ring.
    func pour(_ buffer: UnsafeRawBufferPointer, at offset: Int64) -> Result<Void, StoreError> {
        opened.pour(buffer, at: offset)
    }
}
