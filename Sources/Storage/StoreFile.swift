import Glibc

/// An open file of the store. Every system call on the store stands in this file.
struct StoreFile: ~Copyable {
    let path: String
    private let descriptor: Int32

    enum Mode {
        case read
        case readWrite
        /// A new file, readable by its owner alone; what stood there before is replaced.
        case create
        /// For reading and writing; made when it is not there.
        case openOrCreate
    }

    /// nil when there is no such file (`read` and `readWrite` only).
    static func open(_ path: String, _ mode: Mode) throws(StoreError) -> StoreFile? {
        let flags: Int32 =
            switch mode {
            case .read: O_RDONLY
            case .readWrite: O_RDWR
            case .create: O_RDWR | O_CREAT | O_TRUNC
            case .openOrCreate: O_RDWR | O_CREAT
            }
        let descriptor = repeatingWhenInterrupted { Glibc.open(path, flags | O_CLOEXEC | O_NOCTTY, mode_t(0o600)) }
        if descriptor >= 0 { return StoreFile(path: path, descriptor: descriptor) }
        if errno == ENOENT, mode == .read || mode == .readWrite { return nil }
        throw .failed(mode == .read ? "read" : mode == .readWrite ? "write" : "create", path, code: errno)
    }

    private init(path: String, descriptor: Int32) {
        self.path = path
        self.descriptor = descriptor
    }

    deinit { _ = Glibc.close(descriptor) }

    /// Fills `buffer` from `offset` on; gives the bytes that were there, fewer only at the end of the file.
    func fill(_ buffer: UnsafeMutableRawBufferPointer, at offset: Int64) -> Result<Int, StoreError> {
        var done = 0
        while done < buffer.count {
            let rest = UnsafeMutableRawBufferPointer(rebasing: buffer[done...])
            let count = pread(descriptor, rest.baseAddress, rest.count, off_t(offset) + done)
            if count == 0 { break }
            if count < 0 {
                if errno == EINTR { continue }
                return .failure(.failed("read", path, code: errno))
            }
            done += count
        }
        return .success(done)
    }

    /// At most `count` bytes from `offset` on, fewer only at the end of the file.
    func read(count: Int, at offset: Int64) throws(StoreError) -> [UInt8] {
        var outcome: Result<Int, StoreError> = .success(0)
        let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, initialized in
            outcome = fill(UnsafeMutableRawBufferPointer(buffer), at: offset)
            if case .success(let filled) = outcome { initialized = filled }
        }
        _ = try outcome.get()
        return bytes
    }

    func write(_ bytes: [UInt8], at offset: Int64) throws(StoreError) {
        try bytes.withUnsafeBytes { buffer in pour(buffer, at: offset) }.get()
    }

    /// Writes all of `buffer` at `offset`.
    func pour(_ buffer: UnsafeRawBufferPointer, at offset: Int64) -> Result<Void, StoreError> {
        var done = 0
        while done < buffer.count {
            let rest = UnsafeRawBufferPointer(rebasing: buffer[done...])
            let count = pwrite(descriptor, rest.baseAddress, rest.count, off_t(offset) + done)
            if count < 0 {
                if errno == EINTR { continue }
                return .failure(.failed("write", path, code: errno))
            }
            done += count
        }
        return .success(())
    }

    func size() throws(StoreError) -> Int64 {
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw .failed("read", path, code: errno) }
        return Int64(status.st_size)
    }

    /// Gives the file its full size on the disk, so that no later write can meet a full one. What is there stays.
    func reserve(bytes: Int64) throws(StoreError) {
        // Asked first, because some file systems take all there is before they say that it is not enough.
        let freeBytes = StoreFile.freeBytes(near: path)
        let neededBytes = bytes - (try size())
        guard freeBytes >= neededBytes else {
            throw .noSpace(path: path, neededBytes: neededBytes, freeBytes: freeBytes)
        }
        var code: Int32
        repeat { code = posix_fallocate(descriptor, 0, off_t(bytes)) } while code == EINTR
        guard code != ENOSPC, code != EDQUOT, code != EFBIG else {
            throw .noSpace(path: path, neededBytes: neededBytes, freeBytes: StoreFile.freeBytes(near: path))
        }
        guard code == 0 else { throw .failed("create", path, code: code) }
    }

    func truncate(bytes: Int64) throws(StoreError) {
        guard ftruncate(descriptor, off_t(bytes)) == 0 else { throw .failed("write", path, code: errno) }
    }

    /// Returns once everything written before is on the disk. After a failure the kernel may have dropped what was
    /// not: asking again proves nothing.
    func sync() throws(StoreError) {
        guard fdatasync(descriptor) == 0 else { throw .failed("sync", path, code: errno) }
    }

    /// False when another open file holds the lock.
    func lock() throws(StoreError) -> Bool {
        if repeatingWhenInterrupted({ flock(descriptor, LOCK_EX | LOCK_NB) }) == 0 { return true }
        guard errno == EWOULDBLOCK else { throw .failed("lock", path, code: errno) }
        return false
    }

    static func rename(_ path: String, to other: String) throws(StoreError) {
        guard Glibc.rename(path, other) == 0 else { throw .failed("rename", path, code: errno) }
        try syncFolder(of: other)
    }

    static func remove(_ path: String) throws(StoreError) {
        guard unlink(path) == 0 || errno == ENOENT else { throw .failed("remove", path, code: errno) }
    }

    /// Makes the folder and those above it, open to their owner alone.
    static func makeFolder(_ path: String) throws(StoreError) {
        if mkdir(path, 0o700) == 0 || errno == EEXIST { return }
        guard errno == ENOENT, let slash = path.lastIndex(of: "/"), slash > path.startIndex else {
            throw .failed("create", path, code: errno)
        }
        try makeFolder(String(path[..<slash]))
        guard mkdir(path, 0o700) == 0 || errno == EEXIST else { throw .failed("create", path, code: errno) }
    }

    /// Names of what stands in a folder, sorted; nil when there is no such folder.
    static func names(in folder: String) throws(StoreError) -> [String]? {
        guard let stream = opendir(folder) else {
            if errno == ENOENT { return nil }
            throw .failed("read", folder, code: errno)
        }
        defer { closedir(stream) }
        var names: [String] = []
        while let entry = readdir(stream) {
            let name = withUnsafeBytes(of: &entry.pointee.d_name) {
                String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
            }
            if name != ".", name != ".." { names.append(name) }
        }
        return names.sorted()
    }

    /// Bytes an ordinary user can still write to the disk of `path`; 0 when that cannot be told.
    static func freeBytes(near path: String) -> Int64 {
        var status = statvfs()
        let folder = path.lastIndex(of: "/").map { String(path[..<$0]) } ?? "."
        guard statvfs(folder, &status) == 0 else { return 0 }
        return Int64(status.f_bavail) * Int64(status.f_frsize)
    }

    /// A new name in a folder is on the disk only once the folder itself is.
    private static func syncFolder(of path: String) throws(StoreError) {
        let folder = path.lastIndex(of: "/").map { String(path[..<$0]) } ?? "."
        let descriptor = Glibc.open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw .failed("sync", folder, code: errno) }
        defer { _ = Glibc.close(descriptor) }
        guard fsync(descriptor) == 0 else { throw .failed("sync", folder, code: errno) }
    }
}

private func repeatingWhenInterrupted(_ call: () -> Int32) -> Int32 {
    while true {
        let result = call()
        if result >= 0 || errno != EINTR { return result }
    }
}
