/// What the regions' verdicts of one slot make together, as it is counted and as the verdict ring keeps it.
/// Source: docs/uptime.md, rule 2.
///
///     verdict 2 bits | partial 1 | mixed 1   (lowest bits first)
@usableFromInline package struct VerdictCell: Hashable, Sendable, BitwiseCopyable {
    @usableFromInline package let bits: UInt8

    package static let unwritten = VerdictCell(bits: 0)

    @inlinable package init(bits: UInt8) { self.bits = bits & 15 }

    package init(verdict: Verdict, isPartial: Bool = false, isMixed: Bool = false) {
        bits = verdict.rawValue | (isPartial ? 4 : 0) | (isMixed ? 8 : 0)
    }

    package var verdict: Verdict { Verdict(rawValue: bits & 3).unsafelyUnwrapped }
    @inlinable package var isDown: Bool { bits & 3 == 3 }
    /// Some regions were down, too few for the vote.
    package var isPartial: Bool { bits & 4 != 0 }
    /// A region's slot saw good and bad samples and ended good.
    package var isMixed: Bool { bits & 8 != 0 }
    /// A region saw good and bad and ended good, and so did the check.
    package var isBlip: Bool { isMixed && verdict.isGood }
}

extension [VerdictCell] {
    /// Any of them is down. Looks at sixteen at a time: a year of a check has half a million.
    package var hasDown: Bool {
        let bytes = span.bytes
        let whole = count / 16 * 16
        var found = SIMD16<UInt8>()
        for first in stride(from: 0, to: whole, by: 16) {
            // Unchecked: sixteen cells lie there, each a byte; of a verdict only `down` has both bits.
            let sixteen = bytes.unsafeLoadUnaligned(fromUncheckedByteOffset: first, as: SIMD16<UInt8>.self)
            found |= sixteen & sixteen &>> 1
        }
        return any(found & 1 .!= 0) || self[whole...].contains(where: \.isDown)
    }
}
