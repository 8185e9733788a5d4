import Glibc

/// A folder of the store, open so that everything below it can be brought to the disk in one call: an hour's move
/// touches a file a check, and ten thousand syncs of their own would take minutes.
struct StoreFolder: ~Copyable {
    let path: String
    private let descriptor: Int32
    private let watch: (any StoreWatch)?

    /// Failures of writing back that happen from here on are told by `syncAll`: so it is opened before the writes.
    init(_ path: String, watch: (any StoreWatch)? = nil) throws(StoreError) {
        if let watch {
            let code = watch.before(.open(path: path, creates: false))
            guard code == 0 else { throw .failed("read", path, code: code) }
        }
        let opened = Glibc.open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard opened >= 0 else { throw .failed("read", path, code: errno) }
        descriptor = opened
        self.path = path
        self.watch = watch
    }

    deinit { _ = Glibc.close(descriptor) }

    /// Returns once everything written to the folder's file system is on the disk. Source: syncfs(2); it tells of
    /// failures since Linux 5.8.
    func syncAll() throws(StoreError) {
        if let watch {
            let code = watch.before(.syncAll(folder: path))
            guard code == 0 else { throw .failed("sync", path, code: code) }
        }
        guard syncfs(descriptor) == 0 else { throw .failed("sync", path, code: errno) }
        watch?.after(.syncAll(folder: path))
    }

    /// Returns once the names in the folder are on the disk.
    func sync() throws(StoreError) {
        if let watch {
            let code = watch.before(.syncFolder(path: path))
            guard code == 0 else { throw .failed("sync", path, code: code) }
        }
        guard fsync(descriptor) == 0 else { throw .failed("sync", path, code: errno) }
        watch?.after(.syncFolder(path: path))
    }

    /// `syncs` false: the new name is on the disk once its folder is synced.
    static func rename(
        _ path: String, to other: String, syncs: Bool = true, watch: (any StoreWatch)? = nil
    ) throws(StoreError) {
        let call = StoreCall.rename(path: path, to: other)
        if let watch {
            let code = watch.before(call)
            guard code == 0 else { throw .failed("rename", path, code: code) }
        }
        guard Glibc.rename(path, other) == 0 else { throw .failed("rename", path, code: errno) }
        watch?.after(call)
        // A new name in a folder is on the disk only once the folder itself is.
        if syncs { try StoreFolder(parent(of: other), watch: watch).sync() }
    }

    /// Nothing happens when there is no such file.
    static func remove(_ path: String, watch: (any StoreWatch)? = nil) throws(StoreError) {
        if let watch {
            let code = watch.before(.remove(path: path))
            guard code == 0 else { throw .failed("remove", path, code: code) }
        }
        guard unlink(path) == 0 || errno == ENOENT else { throw .failed("remove", path, code: errno) }
        watch?.after(.remove(path: path))
    }

    /// Makes the folder and those above it, open to their owner alone.
    static func make(_ path: String) throws(StoreError) {
        if mkdir(path, 0o700) == 0 || errno == EEXIST { return }
        guard errno == ENOENT, let slash = path.lastIndex(of: "/"), slash > path.startIndex else {
            throw .failed("create", path, code: errno)
        }
        try make(String(path[..<slash]))
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
        guard statvfs(parent(of: path), &status) == 0 else { return 0 }
        return Int64(status.f_bavail) * Int64(status.f_frsize)
    }

    private static func parent(of path: String) -> String { path.lastIndex(of: "/").map { String(path[..<$0]) } ?? "." }
}
