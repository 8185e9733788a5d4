import Vocabulary

/// Runs of equal bytes. Most of them are long, so that they are told eight bytes at a time.
enum ByteRuns {
    /// Where the run that begins at `start` ends; at most `end`, which is within `bytes`.
    @inline(__always)
    static func end(of start: Int, in bytes: RawSpan, until end: Int) -> Int {
        precondition(start >= 0 && end <= bytes.byteCount, "a run lies in its bytes")
        let first = bytes.byte(at: start)
        let eight = UInt64(first) &* 0x0101_0101_0101_0101
        var place = start &+ 1
        while place &+ 8 <= end {
            let next = bytes.eight(at: place) ^ eight
            if next != 0 { return place &+ next.littleEndian.trailingZeroBitCount / 8 }
            place &+= 8
        }
        while place < end, bytes.byte(at: place) == first { place &+= 1 }
        return place
    }
}

extension RawSpan {
    // Unchecked: `ByteRuns.end` has looked at the bounds.
    @inline(__always)
    fileprivate func byte(at offset: Int) -> UInt8 { unsafeLoad(fromUncheckedByteOffset: offset, as: UInt8.self) }

    @inline(__always)
    fileprivate func eight(at offset: Int) -> UInt64 {
        unsafeLoadUnaligned(fromUncheckedByteOffset: offset, as: UInt64.self)
    }
}

extension Course {
    /// Calls `body` for each longest run of slots at `places` with the same vote, oldest first.
    func forEachRun(in places: Range<Int>, _ body: (Range<Int>, VerdictCell) -> Void) {
        let (votes, bytes) = (votes.span, votes.span.bytes)
        var start = places.lowerBound
        while start < places.upperBound {
            let end = ByteRuns.end(of: start, in: bytes, until: places.upperBound)
            body(start..<end, votes[start])
            start = end
        }
    }
}
