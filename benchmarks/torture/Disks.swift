import Foundation
import Glibc
import Storage
import Vocabulary

/// A disk whose nth call fails, or every call from the nth on until it is mended.
final class FaultyDisk: StoreWatch, @unchecked Sendable {
    // Proof: `lock` guards the rest.
    private let lock = NSLock()
    private var calls = 0
    private let failing: Int
    private let isLasting: Bool
    private let code: Int32
    private var isMended = false
    private var hitCall: StoreCall?

    /// `failing`: from 1; 0 for none.
    init(failing: Int, code: Int32, isLasting: Bool = false) {
        self.failing = failing
        self.code = code
        self.isLasting = isLasting
    }

    var count: Int { lock.withLock { calls } }
    /// The first call that failed.
    var hit: StoreCall? { lock.withLock { hitCall } }
    func mend() { lock.withLock { isMended = true } }

    func before(_ call: StoreCall) -> Int32 {
        lock.withLock {
            calls += 1
            guard !isMended, failing > 0, isLasting ? calls >= failing : calls == failing else { return 0 }
            if hitCall == nil { hitCall = call }
            return code
        }
    }

    func after(_ call: StoreCall) {}
}

/// A disk with a cache that a power cut empties: what was not synced may be there, in part, or not at all; a file
/// that was made, renamed or removed may be as it was before until its folder is synced.
final class VolatileDisk: StoreWatch, @unchecked Sendable {
    // Proof: `lock` guards the rest.
    private let lock = NSLock()
    private var undo: [Change] = []

    private enum Change {
        case write(path: String, offset: Int64, old: [UInt8], size: Int64)
        case create(path: String)
        case rename(from: String, to: String, old: Data?)
        case remove(path: String, old: Data)
    }

    func before(_ call: StoreCall) -> Int32 {
        lock.withLock {
            switch call {
            case .write(let path, let offset, let count): noteWrite(path, offset, count)
            case .resize(let path, _): noteWrite(path, Int64.max, 0)
            case .open(let path, true) where !FileManager.default.fileExists(atPath: path):
                undo.append(.create(path: path))
            case .rename(let path, let other):
                undo.append(.rename(from: path, to: other, old: FileManager.default.contents(atPath: other)))
            case .remove(let path):
                if let old = FileManager.default.contents(atPath: path) { undo.append(.remove(path: path, old: old)) }
            case .open, .sync, .syncAll, .syncFolder: break
            }
        }
        return 0
    }

    private func noteWrite(_ path: String, _ offset: Int64, _ count: Int) {
        guard let file = FileHandle(forReadingAtPath: path) else { return }
        defer { file.closeFile() }
        let size = Int64(file.seekToEndOfFile())
        var old: [UInt8] = []
        if offset < size {
            file.seek(toFileOffset: UInt64(offset))
            old = Array(file.readData(ofLength: count))
        }
        undo.append(.write(path: path, offset: offset == .max ? size : offset, old: old, size: size))
    }

    func after(_ call: StoreCall) {
        lock.withLock {
            switch call {
            case .sync(let synced):
                undo.removeAll { if case .write(let path, _, _, _) = $0 { path == synced } else { false } }
            case .syncAll: undo.removeAll()
            case .syncFolder(let folder):
                undo.removeAll { change in
                    switch change {
                    case .create(let path), .remove(let path, _): VolatileDisk.folder(of: path) == folder
                    case .rename(_, let to, _): VolatileDisk.folder(of: to) == folder
                    case .write: false
                    }
                }
            case .rename(let from, let to):
                // What was written under the old name is found under the new one.
                undo = undo.map { change in
                    if case .write(from, let offset, let old, let size) = change {
                        return .write(path: to, offset: offset, old: old, size: size)
                    }
                    return change
                }
            case .open, .write, .resize, .remove: break
            }
        }
    }

    private static func folder(of path: String) -> String { (path as NSString).deletingLastPathComponent }

    /// The power goes, and comes back: what was not synced is, by chance, there, torn, or as it was before.
    func cut(_ random: inout TortureRandom) {
        lock.withLock {
            // Sometimes nothing of the cache has reached the disk, sometimes nearly all.
            let lostShare = [100, 50, 10][Int(random.next() % 3)]
            for change in undo.reversed() where random.next() % 100 < lostShare { revert(change, &random) }
            undo.removeAll()
        }
    }

    private func revert(_ change: Change, _ random: inout TortureRandom) {
        let files = FileManager.default
        switch change {
        case .write(let path, let offset, let old, let size): revert(path, offset, old, size, &random)
        case .create(let path): try? files.removeItem(atPath: path)  // one that is gone already is as it should be
        case .rename(let from, let to, let old):
            guard files.fileExists(atPath: to) else { return }
            try? files.removeItem(atPath: from)  // as above
            try? files.moveItem(atPath: to, toPath: from)  // the name before, which is free now
            if let old { _ = files.createFile(atPath: to, contents: old) }
        case .remove(let path, let old): _ = files.createFile(atPath: path, contents: old)
        }
    }

    /// The old bytes come back in some of the sectors.
    private func revert(
        _ path: String, _ offset: Int64, _ old: [UInt8], _ size: Int64, _ random: inout TortureRandom
    ) {
        guard let file = FileHandle(forUpdatingAtPath: path) else { return }
        defer { file.closeFile() }
        let isTorn = random.next() % 3 == 0
        if offset + Int64(old.count) >= size, !isTorn || old.isEmpty {
            // Beyond the old end nothing was.
            file.truncateFile(atOffset: UInt64(max(size, offset)))
        }
        var at = offset
        while at < offset + Int64(old.count) {
            let end = min(offset + Int64(old.count), (at / 512 + 1) * 512)
            if !isTorn || random.next() % 2 == 0 {
                file.seek(toFileOffset: UInt64(at))
                file.write(Data(old[Int(at - offset)..<Int(end - offset)]))
            }
            at = end
        }
    }
}
