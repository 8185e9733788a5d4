import Glibc

/// Reads whole small files, with a bound.
enum FileText {
    /// Why a file could not be read, as the end of a sentence: `no such file`, `it is a folder`.
    struct Failure: Error, Hashable {
        let why: String
    }

    /// A configuration larger than this is one by accident: 10,000 checks take about 2 MiB.
    static let configurationBytesMax = 8 << 20
    /// A secret, and a zone's table, are far smaller.
    static let smallBytesMax = 1 << 20

    static func bytes(of path: String, bytesMax: Int) throws(Failure) -> [UInt8] {
        // A name with NUL would open another file than the one it shows.
        guard !path.utf8.contains(0) else { throw Failure(why: "its name holds a NUL") }
        // O_NONBLOCK: opening a pipe without a writer must not hang.
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { throw failure(errno) }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw failure(errno) }
        guard status.st_mode & S_IFMT != S_IFDIR else { throw Failure(why: "it is a folder") }
        guard status.st_mode & S_IFMT == S_IFREG else { throw Failure(why: "it is not a plain file") }

        var bytes: [UInt8] = []
        var block = [UInt8](repeating: 0, count: min(max(Int(status.st_size) + 1, 512), bytesMax + 1))
        while true {
            let count = block.withUnsafeMutableBytes { Glibc.read(descriptor, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw failure(errno) }
            if count == 0 { return bytes }
            bytes += block[..<count]
            guard bytes.count <= bytesMax else {
                throw Failure(why: "it is larger than \(bytesMax >> 20) MiB")
            }
        }
    }

    private static func failure(_ code: Int32) -> Failure {
        switch code {
        case ENOENT, ENOTDIR: Failure(why: "no such file")
        case EACCES, EPERM: Failure(why: "permission denied")
        default: Failure(why: String(cString: strerror(code)))
        }
    }
}

/// Paths as texts; nothing is asked of the file system.
enum PathText {
    /// The folder part with its slash, so that `folder + name` names a file beside it: `checks/`, `/`, or nothing.
    static func folder(of path: String) -> String {
        guard let slash = path.lastIndex(of: "/") else { return "" }
        return String(path[...slash])
    }

    /// `path` as seen from the folder of `file`.
    static func resolve(_ path: String, beside file: String) -> String {
        path.hasPrefix("/") ? path : folder(of: file) + path
    }
}
