import Vocabulary

/// The fields of a slot that every report reads, straight from its words: a year has half a million slots, and code of
/// another target is called, never inlined. Tests hold each against `Slot`'s own. Layout: docs/ring-format.md.
extension Slot {
    @inline(__always) var isWrittenField: Bool { word0 | word1 != 0 }
    @inline(__always) var verdictField: UInt8 { UInt8(truncatingIfNeeded: word0 >> 22) & 3 }
    /// The verdict, and 4 where the slot saw good and bad samples: 0...7.
    @inline(__always) var saidField: Int { Slot.saidField(word0, word1) }
    @inline(__always) static func saidField(_ word0: UInt64, _ word1: UInt64) -> Int {
        Int(truncatingIfNeeded: word0 >> 22) & 3 | Int(truncatingIfNeeded: word1 >> 58) & 4
    }
    @inline(__always) var isGoodField: Bool { verdictField == Field.up || verdictField == Field.degraded }
    @inline(__always) var causeField: Int { Int(truncatingIfNeeded: word0 >> 24) & 255 }
    /// 0...4.
    @inline(__always) var restLegField: Int { min(Int(truncatingIfNeeded: word0 >> 42) & 7, 4) }
    @inline(__always) var totalUsField: UInt32 { UInt32(truncatingIfNeeded: word1) & 0xfff_ffff }
    /// The byte at one of the four places.
    @inline(__always) func legByteField(_ place: Int) -> Int {
        Int(truncatingIfNeeded: word1 >> (28 &+ 8 &* UInt64(truncatingIfNeeded: place))) & 255
    }
    @inline(__always) var marksField: UInt8 { UInt8(truncatingIfNeeded: word1 >> 60) }
}

/// The numbers of `Verdict` and `Slot.Marks` as the fields have them.
enum Field {
    static let unknown: UInt8 = 0
    static let up: UInt8 = 1
    static let degraded: UInt8 = 2
    static let down: UInt8 = 3
    static let mixed: UInt8 = 1
    static let generated: UInt8 = 8
}

extension VerdictCell {
    /// The verdict's field in `bits`.
    static let verdictBits: UInt8 = 3
}
