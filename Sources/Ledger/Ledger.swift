// In: incidents and their notifications, from the core loop; what became of each delivery, from Alerting.
// Out: incidents for reports and for the start of a run; the notifications that are due.
// Must never: hold samples, decide whom to tell, or read a clock.
import GRDB
import Glibc
import Vocabulary

/// What people and alerts write, kept in one SQLite file (WAL, mode 0600). Every call is one transaction: after
/// kill -9 or a power cut all of it stands or nothing. Any thread may call; calls block for the disk, and at most
/// `busyTimeoutNs` for another process.
package final class Ledger: Sendable {
    /// How long a call waits while another process writes.
    package static let busyTimeoutNs = 2 * Duration.secondNs

    let path: String
    let database: any DatabaseWriter

    /// Opens the ledger, creates it when there is none, and brings an older one up to date. A file that a newer Sonde
    /// or another program wrote is refused and left as it is.
    package init(path: String, busyTimeoutNs: Int64 = busyTimeoutNs) throws(LedgerError) {
        self.path = path
        try Ledger.createFile(path)
        _ = try Ledger.inspect(path)
        do {
            database = try Ledger.pool(path, busyTimeoutNs: busyTimeoutNs)
            // A notification that was recorded survives a power cut. GRDB sets NORMAL, which syncs at checkpoints only.
            try database.writeWithoutTransaction { try $0.execute(sql: "PRAGMA synchronous = FULL") }
            try database.write { try LedgerSchema.bringUpToDate($0) }
        } catch {
            throw LedgerError(error, path: path)
        }
    }

    /// Opens the ledger for reading, beside the process that writes it; nil when there is none yet.
    /// Writing through it fails.
    package init?(readingFrom path: String) throws(LedgerError) {
        self.path = path
        guard access(path, F_OK) == 0 else { return nil }
        guard access(path, R_OK) == 0 else { throw .unusable(path, why: LedgerError.systemText(errno)) }
        switch try Ledger.inspect(path) {
        case .empty: return nil
        case .older: throw .older(path)
        case .current: break
        }
        do {
            database = try DatabaseQueue(path: path, configuration: Ledger.configuration(readonly: true))
        } catch {
            throw LedgerError(error, path: path)
        }
    }

    func read<Value>(_ body: (Database) throws -> Value) throws(LedgerError) -> Value {
        do {
            return try database.read(body)
        } catch {
            throw LedgerError(error, path: path)
        }
    }

    func write<Value>(_ body: (Database) throws -> Value) throws(LedgerError) -> Value {
        do {
            return try database.write(body)
        } catch {
            throw LedgerError(error, path: path)
        }
    }

    /// A new file becomes a WAL one here. Where two processes are at that at once, SQLite tells one of them that it is
    /// busy without waiting, because each may wait for the other (sqlite.org/c3ref/busy_handler.html).
    private static func pool(_ path: String, busyTimeoutNs: Int64) throws -> DatabasePool {
        var left = busyTimeoutNs / pauseNs
        while true {
            do {
                return try DatabasePool(path: path, configuration: configuration(busyTimeoutNs: busyTimeoutNs))
            } catch let error as DatabaseError where error.resultCode == .SQLITE_BUSY && left > 0 {
                left -= 1
                usleep(UInt32(pauseNs / Duration.microsecondNs))
            }
        }
    }
    private static let pauseNs = 10 * Duration.millisecondNs

    /// SQLite would create the file readable by all. An existing file is never opened here: closing a descriptor of
    /// our own would drop the locks that SQLite holds on it in this process (sqlite.org/howtocorrupt.html, 2.2).
    private static func createFile(_ path: String) throws(LedgerError) {
        guard access(path, F_OK) != 0 else {
            guard access(path, R_OK | W_OK) == 0 else { throw .unusable(path, why: LedgerError.systemText(errno)) }
            return
        }
        let descriptor = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        if descriptor >= 0 {
            close(descriptor)
        } else if errno != EEXIST {  // another process was quicker: fine
            throw .unusable(path, why: LedgerError.systemText(errno))
        }
    }

    /// Looks before anything is written, so that a refused file stays as it is.
    private static func inspect(_ path: String) throws(LedgerError) -> LedgerSchema.State {
        do {
            return try DatabaseQueue(path: path, configuration: configuration(readonly: true)).read { database in
                try LedgerSchema.state(of: database, path: path)
            }
        } catch {
            throw LedgerError(error, path: path)
        }
    }

    private static func configuration(
        readonly: Bool = false, busyTimeoutNs: Int64 = busyTimeoutNs
    ) -> Configuration {
        var configuration = Configuration()
        configuration.readonly = readonly
        configuration.maximumReaderCount = 2
        configuration.busyMode = .timeout(Double(busyTimeoutNs) / Double(Duration.secondNs))
        return configuration
    }
}
