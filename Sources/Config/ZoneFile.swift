import Vocabulary

/// Reads the compiled time zone format TZif, versions 2 to 4. Source: RFC 9636.
enum ZoneFile {
    /// Transitions that the footer's rule gives are written out to the end of this year.
    static let lastYear = 2100

    /// nil when `bytes` are not a zone (or one that counts leap seconds).
    static func zone(name: String, bytes: [UInt8]) -> Zone? {
        guard let first = Header(bytes, at: 0), first.version >= UInt8(ascii: "2") else { return nil }
        // The first block holds 32-bit times for old readers; the second holds the same in 64 bits.
        let second = Header.length + first.dataLength(timeBytes: 4)
        guard let header = Header(bytes, at: second), header.leapCount == 0 else { return nil }
        let data = second + Header.length
        let footer = data + header.dataLength(timeBytes: 8)
        guard footer <= bytes.count, let offsets = header.offsets(bytes, data: data) else { return nil }

        var transitions: [Zone.Transition] = []
        var lastOffset = offsets.first ?? 0
        let firstOffset = lastOffset
        for index in 0..<header.timeCount {
            let type = Int(bytes[data + header.timeCount * 8 + index])
            guard type < offsets.count else { return nil }
            let at = Int64(bitPattern: bigEndian(bytes, at: data + index * 8, count: 8))
            append(Zone.Transition(at: at, offset: offsets[type]), to: &transitions, &lastOffset)
        }
        if let rule = rule(bytes[footer...]) {
            let lastAt = transitions.last?.at ?? 0
            let firstYear = Zone.utc.date(Instant(seconds: max(lastAt, 0))).year
            for year in firstYear...max(firstYear, lastYear) {
                for transition in rule.transitions(year: year) where transition.at > lastAt {
                    append(transition, to: &transitions, &lastOffset)
                }
            }
        }
        return Zone(name: name, firstOffset: firstOffset, transitions: transitions)
    }

    /// Changes of the abbreviation alone are left out.
    private static func append(
        _ transition: Zone.Transition, to transitions: inout [Zone.Transition], _ lastOffset: inout Int
    ) {
        guard transition.offset != lastOffset else { return }
        lastOffset = transition.offset
        transitions.append(transition)
    }

    /// The text between two line ends that goes on where the table ends.
    private static func rule(_ footer: ArraySlice<UInt8>) -> ZoneRule? {
        guard footer.first == 0x0a, let end = footer.dropFirst().firstIndex(of: 0x0a) else { return nil }
        return ZoneRule(text: String(decoding: footer[(footer.startIndex + 1)..<end], as: UTF8.self))
    }

    private struct Header {
        static let length = 44
        let version: UInt8
        let isUTCCount, isStandardCount, leapCount, timeCount, typeCount, characterCount: Int

        /// nil when no header stands at `offset`.
        init?(_ bytes: [UInt8], at offset: Int) {
            guard offset + Self.length <= bytes.count, bytes[offset..<(offset + 4)].elementsEqual("TZif".utf8) else {
                return nil
            }
            func count(_ index: Int) -> Int { Int(bigEndian(bytes, at: offset + 20 + index * 4, count: 4)) }
            version = bytes[offset + 4]
            isUTCCount = count(0)
            isStandardCount = count(1)
            leapCount = count(2)
            timeCount = count(3)
            typeCount = count(4)
            characterCount = count(5)
        }

        func dataLength(timeBytes: Int) -> Int {
            timeCount * (timeBytes + 1) + typeCount * 6 + characterCount + leapCount * (timeBytes + 4)
                + isStandardCount + isUTCCount
        }

        /// Seconds east of UTC of each local time type; the first holds before the first transition.
        func offsets(_ bytes: [UInt8], data: Int) -> [Int]? {
            let types = data + timeCount * 9
            guard typeCount >= 1 else { return nil }
            return (0..<typeCount).map { index in
                Int(Int32(truncatingIfNeeded: bigEndian(bytes, at: types + index * 6, count: 4)))
            }
        }
    }
}

private func bigEndian(_ bytes: [UInt8], at offset: Int, count: Int) -> UInt64 {
    bytes[offset..<(offset + count)].reduce(0) { $0 << 8 | UInt64($1) }
}
