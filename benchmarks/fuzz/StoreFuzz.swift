import Glibc
import Vocabulary

@testable import Storage

/// The readers of the store's files. Checksums are made right first, so that what follows them is reached.
enum StoreFuzz {
    private static let folder: String = {
        let path = "/tmp/sonde-fuzz-\(getpid())"
        for name in ["", "/rings", "/journal"] { mkdir(path + name, 0o700) }
        return path
    }()

    private static let interval = Interval(
        start: Instant(seconds: 1_795_342_500), end: Instant(seconds: 1_795_342_500 + 86_400))

    private static func put(_ bytes: [UInt8], at offset: off_t, _ file: String, size: off_t? = nil) {
        let descriptor = open(file, O_RDWR | O_CREAT, 0o600)
        guard descriptor >= 0 else { return }
        if let size { ftruncate(descriptor, size) }
        _ = bytes.withUnsafeBytes { pwrite(descriptor, $0.baseAddress, $0.count, offset) }
        close(descriptor)
    }

    /// A header with the right magic, version, length and checksum, and anything else.
    private static func sealed(_ bytes: [UInt8]) -> [UInt8] {
        var header = Array("SONDRING".utf8)
        let length = UInt32(16 + bytes.count + 4)
        withUnsafeBytes(of: UInt32(RingHeader.formatVersion).littleEndian) { header.append(contentsOf: $0) }
        withUnsafeBytes(of: length.littleEndian) { header.append(contentsOf: $0) }
        header += bytes
        let checksum = header.withUnsafeBytes { CRC32C.checksum($0) }
        withUnsafeBytes(of: checksum.littleEndian) { header.append(contentsOf: $0) }
        return header
    }

    private static func readAll() {
        // What cannot be read is told, which is all that is asked.
        guard let reader = try? StoreReader(path: folder) else { return }
        _ = try? reader.history("shop", in: interval)
        _ = try? reader.verdicts("shop", in: interval)
        _ = try? reader.hours("shop", in: interval)
        _ = try? reader.outages("shop")
        _ = try? reader.newestSlot("shop")
    }

    static func ringHeader(_ bytes: [UInt8]) {
        let header = sealed(Array(bytes.prefix(RingHeader.copyBytes - 32)))
        _ = RingHeader.read(bytes)
        guard case .whole(let read) = RingHeader.read(header) else { return }
        precondition(read.isSound && read.layout.isSound)
        _ = read.bytes
    }

    /// A journal of frames whose checks are right and whose content is anything, beside a small ring.
    static func journal(_ bytes: [UInt8]) {
        var segment = JournalSegment.header(number: 1, created: interval.start)
        var rest = bytes[...]
        while let kind = rest.popFirst() {
            let length = min(rest.count, Int(rest.first ?? 0) * 4)
            let content = rest.prefix(length)
            rest = rest.dropFirst(length)
            JournalFrame.append(
                kind % 2 == 0 ? .slots : .series, copy: kind >> 7, content, at: Int64(segment.count), segment: 1,
                to: &segment)
            // Now and then bytes between frames.
            if kind % 16 == 15 { segment += [kind, kind, kind, kind] }
        }
        let file = folder + "/journal/" + JournalSegment.name(1)
        put(segment, at: 0, file, size: off_t(segment.count))
        put(Array(bytes), at: 0, folder + "/journal/" + JournalSegment.name(2), size: off_t(bytes.count))
        makeRing()
        readAll()
        _ = try? StoreReader(path: folder).verify()
    }

    /// A ring file whose records are anything.
    static func ring(_ bytes: [UInt8]) {
        makeRing()
        guard let first = bytes.first else { return }
        let header = StoreFuzz.header
        let places = [
            header.layout.slotsOffset(region: 0), header.layout.hoursOffset(region: 0), header.layout.verdictsOffset,
            header.layout.outagesOffset, 0, Int64(RingHeader.copyBytes),
        ]
        put(Array(bytes.dropFirst()), at: off_t(places[Int(first) % places.count]), folder + "/rings/shop.ring")
        readAll()
        _ = try? StoreReader(path: folder).verify()
    }

    private static let header = RingHeader(
        spec: RingSpec(
            check: "shop", periodNs: Duration.minuteNs, vote: .majority, regions: ["local"],
            retention: Retention(slotsNs: Duration.hourNs, hoursNs: Duration.hourNs)), now: interval.start)

    private static func makeRing() {
        let file = folder + "/rings/shop.ring"
        truncate(file, 0)
        for copy in 0...1 {
            put(
                header.bytes, at: off_t(copy * RingHeader.copyBytes), file,
                size: copy == 0 ? off_t(header.layout.fileBytes) : nil)
        }
    }
}
