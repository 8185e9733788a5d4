import Glibc

/// An open file of the store. Every system call on the store's files stands here and in StoreFolder.swift.
struct StoreFile: ~Copyable, Sendable {
    let path: String
    private let descriptor: Int32
    private let watch: (any StoreWatch)?

    enum Mode {
        case read
        case readWrite
        /// A new file, readable by its owner alone; what stood there before is replaced.
        case create
        /// For reading and writing; made when it is not there.
        case openOrCreate
    }

    /// nil when there is no such file (`read` and `readWrite` only).
    static func open(
        _ path: String, _ mode: Mode, watch: (any StoreWatch)? = nil
    ) throws(StoreError) -> StoreFile? {
        let flags: Int32 =
            switch mode {
            case .read: O_RDONLY
            case .readWrite: O_RDWR
            case .create: O_RDWR | O_CREAT | O_TRUNC
            case .openOrCreate: O_RDWR | O_CREAT
            }
        let action = mode == .read ? "read" : mode == .readWrite ? "write" : "create"
        let call = StoreCall.open(path: path, creates: mode == .create || mode == .openOrCreate)
        if let watch {
            let code = watch.before(call)
            guard code == 0 else { throw .failed(action, path, code: code) }
        }
        let descriptor = repeatingWhenInterrupted { Glibc.open(path, flags | O_CLOEXEC | O_NOCTTY, mode_t(0o600)) }
        if descriptor >= 0 {
            watch?.after(call)
            return StoreFile(path: path, descriptor: descriptor, watch: watch)
        }
        if errno == ENOENT, mode == .read || mode == .readWrite { return nil }
        throw .failed(action, path, code: errno)
    }

    private init(path: String, descriptor: Int32, watch: (any StoreWatch)?) {
        self.path = path
        self.descriptor = descriptor
        self.watch = watch
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
        if let watch {
            let code = watch.before(.write(path: path, offset: offset, count: buffer.count))
            guard code == 0 else { return .failure(.failed("write", path, code: code)) }
        }
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
        watch?.after(.write(path: path, offset: offset, count: buffer.count))
        return .success(())
    }

    func size() throws(StoreError) -> Int64 {
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw .failed("read", path, code: errno) }
        return Int64(status.st_size)
    }

    /// Gives the file its full size on the disk, so that no later write can meet a full one. What is there stays.
    func reserve(bytes: Int64) throws(StoreError) {
        if let watch {
            let code = watch.before(.resize(path: path, bytes: bytes))
            guard code == 0 else { throw .failed("create", path, code: code) }
        }
        // Asked first, because some file systems take all there is before they say that it is not enough.
        let freeBytes = StoreFolder.freeBytes(near: path)
        let neededBytes = bytes - (try size())
        guard freeBytes >= neededBytes else {
            throw .noSpace(path: path, neededBytes: neededBytes, freeBytes: freeBytes)
        }
        var code: Int32
        repeat { code = posix_fallocate(descriptor, 0, off_t(bytes)) } while code == EINTR
        guard code != ENOSPC, code != EDQUOT, code != EFBIG else {
            throw .noSpace(path: path, neededBytes: neededBytes, freeBytes: StoreFolder.freeBytes(near: path))
        }
        guard code == 0 else { throw .failed("create", path, code: code) }
        watch?.after(.resize(path: path, bytes: bytes))
    }

    func truncate(bytes: Int64) throws(StoreError) {
        if let watch {
            let code = watch.before(.resize(path: path, bytes: bytes))
            guard code == 0 else { throw .failed("write", path, code: code) }
        }
        guard ftruncate(descriptor, off_t(bytes)) == 0 else { throw .failed("write", path, code: errno) }
        watch?.after(.resize(path: path, bytes: bytes))
    }

    /// Returns once everything written before is on the disk. After a failure the kernel may have dropped what was
    /// not: asking again proves nothing.
    func sync() throws(StoreError) {
        if let watch {
            let code = watch.before(.sync(path: path))
            guard code == 0 else { throw .failed("sync", path, code: code) }
        }
        guard fdatasync(descriptor) == 0 else { throw .failed("sync", path, code: errno) }
        watch?.after(.sync(path: path))
    }

    /// False when another open file holds the lock.
    func lock() throws(StoreError) -> Bool {
        if repeatingWhenInterrupted({ flock(descriptor, LOCK_EX | LOCK_NB) }) == 0 { return true }
        guard errno == EWOULDBLOCK else { throw .failed("lock", path, code: errno) }
        return false
    }
}

private func repeatingWhenInterrupted(_ call: () -> Int32) -> Int32 {
    while true {
        let result = call()
        if result >= 0 || errno != EINTR { return result }
    }
}
