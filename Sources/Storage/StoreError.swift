import Glibc
import Vocabulary

/// Why the store cannot be used; a case for each different next move.
package enum StoreError: Error, Hashable, Sendable, CustomStringConvertible {
    /// There is no store to read at `path`.
    case noStore(path: String)
    /// Another process writes this store; `pid` is nil while it has not yet said which.
    case busy(path: String, pid: Int?)
    /// Missing permission, or a disk mounted read-only. `action` is a verb: `read`, `write`, `create`.
    case notAllowed(path: String, action: String)
    case noSpace(path: String, neededBytes: Int64, freeBytes: Int64)
    case tooManyFiles(path: String)
    /// Any other failed system call; `code` is its errno.
    case fault(path: String, action: String, code: Int32)
    /// The file was never a ring file.
    case notARing(path: String)
    case otherVersion(path: String, version: Int)
    /// The file holds the history of another check.
    case otherCheck(path: String, check: String, holds: String)
    /// A ring file of which neither copy of the header is whole.
    case headerLost(path: String, bytes: Int64)
    case tooManyRegions(path: String, count: Int)
    /// Something stands where a new folder is to be made.
    case inTheWay(path: String)

    package var description: String {
        switch self {
        case .noStore(let path):
            "\(path): no store here yet; `sonde run` makes one"
        case .busy(let path, let pid):
            "\(path): \(pid.map { "the process \($0)" } ?? "another process") writes this store; "
                + "stop it first, or use another store"
        case .notAllowed(let path, let action):
            "\(path): not allowed to \(action) it; check its owner and mode, and that the disk is not read-only"
        case .noSpace(let path, let neededBytes, let freeBytes):
            "\(path): needs \(neededBytes) bytes and the disk has \(freeBytes) free; make room or keep less history"
        case .tooManyFiles(let path):
            "\(path): too many open files; raise the limit (`ulimit -n`) to the number of probes at once and 512 more"
        case .fault(let path, let action, let code):
            "\(path): cannot \(action) it: \(String(cString: strerror(code))); check the path and the disk"
        case .notARing(let path):
            "\(path): not a ring file; move it away, and the next start makes a new one"
        case .otherVersion(let path, let version):
            "\(path): written in format \(version), and this version reads format \(RingHeader.formatVersion); "
                + "use the version that wrote it"
        case .otherCheck(let path, let check, let holds):
            "\(path): holds the check \"\(escapedName(holds))\", not \"\(check)\"; move it back to its own name"
        case .headerLost(let path, let bytes):
            "\(path): neither copy of its header is whole (\(bytes) bytes are there); "
                + "move it away, and the next start makes a new one"
        case .tooManyRegions(let path, let count):
            "\(path): would hold \(count) regions, and a ring file holds \(RingHeader.regionsMax) in its life; "
                + "rename the check to begin a new file"
        case .inTheWay(let path):
            "\(path): is there already; move it away, or name another place with --to"
        }
    }

    private func escapedName(_ name: String) -> String { escaped(name, limit: 64) }

    /// The same error for the file that a person knows of, when it happened to a passing one.
    func naming(_ path: String, insteadOf passing: String) -> StoreError {
        switch self {
        case .notAllowed(passing, let action): .notAllowed(path: path, action: action)
        case .noSpace(passing, let needed, let free): .noSpace(path: path, neededBytes: needed, freeBytes: free)
        case .tooManyFiles(passing): .tooManyFiles(path: path)
        case .fault(passing, let action, let code): .fault(path: path, action: action, code: code)
        default: self
        }
    }

    /// The case for `code`, the errno of a failed `action` on `path`.
    static func failed(_ action: String, _ path: String, code: Int32) -> StoreError {
        switch code {
        case EMFILE, ENFILE: .tooManyFiles(path: path)
        case EACCES, EPERM, EROFS: .notAllowed(path: path, action: action)
        case ENOSPC, EDQUOT: .noSpace(path: path, neededBytes: 0, freeBytes: StoreFolder.freeBytes(near: path))
        default: .fault(path: path, action: action, code: code)
        }
    }
}
