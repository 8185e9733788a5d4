import Vocabulary

/// One file of the journal: an hour of it, or what a process wrote in its life. Read by any process; written by one.
struct JournalSegment {
    static let suffix = ".journal"
    static let headerBytes: Int64 = 64
    static let formatVersion: UInt32 = 1
    private static let magic = Array("SONDJRNL".utf8)

    /// `00000000000000000042.journal`: names in order are numbers in order.
    static func name(_ number: UInt64) -> String {
        let digits = String(number)
        return String(repeating: "0", count: 20 - digits.count) + digits + suffix
    }

    /// nil for a name that is none of a segment.
    static func number(name: String) -> UInt64? {
        guard name.hasSuffix(suffix), name.utf8.count == 20 + suffix.utf8.count else { return nil }
        return UInt64(name.dropLast(suffix.count))
    }

    /// The numbers of the segments in a store, oldest first.
    static func numbers(in store: String) throws(StoreError) -> [UInt64] {
        (try StoreFolder.names(in: StorePath.journal(store)) ?? []).compactMap(number(name:))
    }

    static func header(number: UInt64, created: Instant) -> [UInt8] {
        var bytes = magic
        withUnsafeBytes(of: formatVersion.littleEndian) { bytes.append(contentsOf: $0) }
        withUnsafeBytes(of: UInt32(headerBytes).littleEndian) { bytes.append(contentsOf: $0) }
        withUnsafeBytes(of: number.littleEndian) { bytes.append(contentsOf: $0) }
        withUnsafeBytes(of: created.nanoseconds.littleEndian) { bytes.append(contentsOf: $0) }
        bytes += [UInt8](repeating: 0, count: Int(headerBytes) - 4 - bytes.count)
        let checksum = bytes.withUnsafeBytes { CRC32C.checksum($0) }
        withUnsafeBytes(of: checksum.littleEndian) { bytes.append(contentsOf: $0) }
        return bytes
    }

    enum HeaderState {
        case whole
        /// The frames name their segment themselves and can be read all the same.
        case damaged
        case otherVersion(Int)
    }

    static func headerState(_ bytes: UnsafeRawBufferPointer) -> HeaderState {
        guard bytes.count == Int(headerBytes) else { return .damaged }
        let checksum = UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: Int(headerBytes) - 4, as: UInt32.self))
        let content = UnsafeRawBufferPointer(rebasing: bytes[..<(Int(headerBytes) - 4)])
        guard checksum == CRC32C.checksum(content), bytes.prefix(magic.count).elementsEqual(magic) else {
            return .damaged
        }
        let version = UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: magic.count, as: UInt32.self))
        return version == formatVersion ? .whole : .otherVersion(Int(version))
    }

    /// What a walk through a segment met.
    struct Walk {
        var frames = 0
        /// Places where no frame could be read: a damaged head costs what lies before the next one that is whole.
        var gaps = 0
        /// The header's checksum does not hold.
        var isHeaderDamaged = false
        /// Bytes behind the last frame: half a frame that a killed or a running writer left.
        var tornBytes: Int64 = 0
        /// Where the next frame would stand.
        var end: Int64 = 0
    }

    private static let chunkBytes = 1 << 18

    /// Calls `visit` with each frame in order: head, all its bytes, and where it stands. Whether it is whole is the
    /// visitor's to ask. Reads the file once, in pieces.
    static func walk(
        _ file: borrowing StoreFile, number: UInt64,
        _ visit: (JournalFrame.Head, UnsafeRawBufferPointer, Int64) -> Void
    ) throws(StoreError) -> Walk {
        var walk = Walk()
        var buffer = [UInt8](repeating: 0, count: chunkBytes)
        // What of the buffer is read and not yet walked, and where in the file it begins.
        var filled = 0
        var start: Int64 = 0
        var isAtEnd = false
        var isInGap = false
        var fault: StoreError?
        var version: Int?
        buffer.withUnsafeMutableBytes { buffer in
            while true {
                if !isAtEnd {
                    switch file.fill(
                        UnsafeMutableRawBufferPointer(rebasing: buffer[filled...]), at: start + Int64(filled))
                    {
                    case .failure(let error):
                        fault = error
                        return
                    case .success(let count):
                        isAtEnd = filled + count < buffer.count
                        filled += count
                    }
                }
                var at = 0
                if start == 0 {
                    switch headerState(UnsafeRawBufferPointer(rebasing: buffer[..<min(filled, Int(headerBytes))])) {
                    case .whole: break
                    case .damaged: walk.isHeaderDamaged = true
                    case .otherVersion(let other):
                        version = other
                        return
                    }
                    at = min(filled, Int(headerBytes))
                }
                while at + JournalFrame.headBytes <= filled {
                    let rest = UnsafeRawBufferPointer(rebasing: buffer[at..<filled])
                    let place = start + Int64(at)
                    guard let head = JournalFrame.Head(rest, at: place, segment: number) else {
                        if !isInGap { walk.gaps += 1 }
                        isInGap = true
                        at += 4
                        continue
                    }
                    guard head.length <= rest.count else { break }
                    isInGap = false
                    walk.frames += 1
                    visit(head, UnsafeRawBufferPointer(rebasing: rest[..<head.length]), place)
                    at += head.length
                    walk.end = start + Int64(at)
                }
                if isAtEnd {
                    // A gap that no frame follows is the torn end.
                    if isInGap { walk.gaps -= 1 }
                    walk.end = max(walk.end, min(Int64(filled) + start, headerBytes))
                    walk.tornBytes = start + Int64(filled) - walk.end
                    return
                }
                let left = filled - at
                buffer.copyMemory(from: UnsafeRawBufferPointer(rebasing: buffer[at..<filled]))
                start += Int64(at)
                filled = left
            }
        }
        if let fault { throw fault }
        if let version { throw .otherVersion(path: file.path, version: version) }
        return walk
    }
}
