import Vocabulary

/// Which addresses a check with `block_private` may connect to.
struct AddressGuard: Sendable {
    /// Exceptions, in either family.
    let allow: [AddressRange]

    /// Judges the address itself and, for an IPv6 address that stands for an IPv4 one, that one as well.
    func blocks(_ address: IPAddress) -> Bool {
        if allow.contains(where: { $0.contains(address) }) { return false }
        if AddressGuard.isSpecial(address) { return true }
        guard let inner = AddressGuard.embedded(in: address) else { return false }
        return AddressGuard.isSpecial(inner) && !allow.contains { $0.contains(inner) }
    }

    private static func isSpecial(_ address: IPAddress) -> Bool { special.contains { $0.contains(address) } }

    /// Not of the internet. Source: IANA's special-purpose address registries (RFC 6890), and Azure's metadata address.
    private static let special: [AddressRange] = [
        "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "168.63.129.16/32", "169.254.0.0/16",
        "172.16.0.0/12", "192.0.0.0/24", "192.168.0.0/16", "198.18.0.0/15", "224.0.0.0/4", "240.0.0.0/4",
        "::/128", "::1/128", "64:ff9b:1::/48", "100::/64", "fc00::/7", "fe80::/10", "fec0::/10", "ff00::/8",
    ].compactMap { try? AddressRange($0) }

    /// The IPv4 address that an IPv6 one stands for; nil when it stands for itself.
    private static func embedded(in address: IPAddress) -> IPAddress? {
        guard address.family == .ipv6 else { return nil }
        let low = UInt32(truncatingIfNeeded: address.bits)
        switch address.bits >> 32 {
        // Mapped (RFC 4291, 2.5.5.2), compatible (2.5.5.1), translated by NAT64 (RFC 6052, 2.1).
        case 0xffff, 0, 0x64_ff9b << 64: return IPAddress(v4: low)
        default: break
        }
        switch address.bits >> 96 {
        // 6to4 (RFC 3056, 2): 2002 and the address in the next 32 bits.
        case 0x2002_0000...0x2002_ffff: return IPAddress(v4: UInt32(truncatingIfNeeded: address.bits >> 80))
        // Teredo (RFC 4380, 4): the client's address, every bit turned round, at the end.
        case 0x2001_0000: return IPAddress(v4: ~low)
        default: return nil
        }
    }
}
