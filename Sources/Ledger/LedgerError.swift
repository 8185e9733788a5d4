import GRDB
import Glibc

/// Why the ledger could not do what was asked; a case for each different next move.
package enum LedgerError: Error, Hashable, Sendable, CustomStringConvertible {
    /// Written by a newer Sonde, in a format that this one does not know.
    case newer(_ path: String, format: Int)
    /// Opened for reading, but not brought up to date yet.
    case older(_ path: String)
    /// Not a ledger, or not readable as one.
    case damaged(_ path: String)
    /// The file cannot be created or opened.
    case unusable(_ path: String, why: String)
    /// Another process writes; trying again later helps.
    case busy(_ path: String)
    /// The file was usable, and then an operation failed: disk full, I/O error. Trying again may help.
    case failed(_ path: String, why: String)

    package var description: String {
        switch self {
        case .newer(let path, let format):
            "\(path): a newer Sonde wrote this ledger (format \(format); this one knows \(LedgerSchema.steps.count)); "
                + "run that version, or move the file away to begin an empty one"
        case .older(let path):
            "\(path): an older Sonde wrote this ledger; start `sonde run` once, which brings it up to date"
        case .damaged(let path):
            "\(path): not a ledger, or a damaged one; put a copy in its place, or move it away to begin an empty one"
        case .unusable(let path, let why):
            "\(path): the ledger cannot be opened (\(why)); its folder must exist and be writable by this user"
        case .busy(let path):
            "\(path): another process is writing to the ledger; try again when it is done"
        case .failed(let path, let why):
            "\(path): the ledger could not be read or written (\(why)); check the disk"
        }
    }

    /// What an error of SQLite or GRDB asks the caller to do.
    init(_ error: any Error, path: String) {
        switch error {
        case let error as LedgerError: self = error
        case let error as DatabaseError: self = LedgerError(error, path: path)
        default: self = .damaged(path)  // a row that does not decode
        }
    }

    private init(_ error: DatabaseError, path: String) {
        switch error.resultCode {
        case .SQLITE_BUSY, .SQLITE_LOCKED: self = .busy(path)
        case .SQLITE_CORRUPT, .SQLITE_NOTADB: self = .damaged(path)
        case .SQLITE_CANTOPEN: self = .unusable(path, why: error.message ?? "unknown reason")
        default: self = .failed(path, why: error.message ?? "SQLite error \(error.extendedResultCode.rawValue)")
        }
    }

    /// `No space left on device`.
    static func systemText(_ code: Int32) -> String { String(cString: strerror(code)) }
}
