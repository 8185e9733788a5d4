/// An IPv4 or IPv6 address as a number.
package struct IPAddress: Hashable, Sendable {
    /// `.ipv4` or `.ipv6`.
    package let family: AddressFamily
    /// An IPv4 address fills the lowest 32 bits.
    package let bits: UInt128

    package init(v4 bits: UInt32) {
        family = .ipv4
        self.bits = UInt128(bits)
    }

    package init(v6 bits: UInt128) {
        family = .ipv6
        self.bits = bits
    }

    /// `192.0.2.1`, `2001:db8::1`, `::ffff:192.0.2.1`; nil for anything else. No brackets, no zone.
    package init?(_ text: some StringProtocol) {
        if let bits = IPAddress.v4(text) {
            self.init(v4: bits)
        } else if let bits = IPAddress.v6(text) {
            self.init(v6: bits)
        } else {
            return nil
        }
    }

    /// How many bits an address of the family has.
    package var width: Int { family == .ipv4 ? 32 : 128 }

    /// Four numbers up to 255, in decimal, none with a zero in front.
    private static func v4(_ text: some StringProtocol) -> UInt32? {
        let parts = text.split(separator: ".", maxSplits: 4, omittingEmptySubsequences: false)
        guard parts.count == 4 else { return nil }
        var bits: UInt32 = 0
        for part in parts {
            let isPlain = (1...3).contains(part.utf8.count) && part.utf8.allSatisfy { (0x30...0x39).contains($0) }
            guard isPlain, part.utf8.count == 1 || part.utf8.first != 0x30, let byte = UInt8(part) else { return nil }
            bits = bits << 8 | UInt32(byte)
        }
        return bits
    }

    /// Source: RFC 4291, 2.2.
    private static func v6(_ text: some StringProtocol) -> UInt128? {
        guard (2...45).contains(text.utf8.count) else { return nil }
        let gap = text.indices.dropLast().first { text[$0] == ":" && text[text.index(after: $0)] == ":" }
        guard let gap else {
            guard let groups = groups(text), groups.count == 8 else { return nil }
            return number(groups)
        }
        let rest = text[text.index(gap, offsetBy: 2)...]
        guard let before = groups(text[..<gap], isEnd: false), let after = groups(rest),
            before.count + after.count < 8
        else { return nil }
        return number(before + Array(repeating: 0, count: 8 - before.count - after.count) + after)
    }

    /// Groups of 16 bits; at the end of an address the last two may stand as an IPv4 address.
    private static func groups(_ text: some StringProtocol, isEnd: Bool = true) -> [UInt16]? {
        guard !text.isEmpty else { return [] }
        var groups: [UInt16] = []
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        for (place, part) in parts.enumerated() {
            if isEnd, place == parts.count - 1, let four = v4(part) {
                groups += [UInt16(four >> 16), UInt16(truncatingIfNeeded: four)]
            } else {
                // UInt16 alone would take a sign.
                guard (1...4).contains(part.utf8.count), part.utf8.first != 0x2b, let group = UInt16(part, radix: 16)
                else { return nil }
                groups.append(group)
            }
        }
        return groups
    }

    private static func number(_ groups: [UInt16]) -> UInt128 { groups.reduce(0) { $0 << 16 | UInt128($1) } }
}

extension IPAddress: CustomStringConvertible {
    /// Source: RFC 5952, 4.
    package var description: String {
        guard family == .ipv6 else {
            return stride(from: 24, through: 0, by: -8).map { "\(UInt8(truncatingIfNeeded: bits >> $0))" }
                .joined(separator: ".")
        }
        let groups = stride(from: 112, through: 0, by: -16).map { UInt16(truncatingIfNeeded: bits >> $0) }
        func text(_ groups: ArraySlice<UInt16>) -> String {
            groups.map { String($0, radix: 16) }.joined(separator: ":")
        }
        guard let gap = IPAddress.longestZeros(groups) else { return text(groups[...]) }
        return text(groups[..<gap.lowerBound]) + "::" + text(groups[gap.upperBound...])
    }

    /// The first of the longest runs of two or more zeros.
    private static func longestZeros(_ groups: [UInt16]) -> Range<Int>? {
        var best: Range<Int>?
        var start = 0
        for place in 0...groups.count where place == groups.count || groups[place] != 0 {
            if place - start >= 2, place - start > best?.count ?? 0 { best = start..<place }
            start = place + 1
        }
        return best
    }
}
