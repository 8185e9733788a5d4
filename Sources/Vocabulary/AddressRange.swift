/// The addresses that begin with the same bits: `10.0.0.0/8`, `2001:db8::/32`. Source: RFC 4632, 3.1.
package struct AddressRange: Hashable, Sendable, CustomStringConvertible {
    package let first: IPAddress
    /// How many of the leading bits are the same.
    package let prefix: Int

    /// Why a text is no range.
    package enum Flaw: Error, Hashable {
        case malformed
        /// The address has bits past the prefix; the range it lies in.
        case bitsPastPrefix(AddressRange)
    }

    /// `10.0.0.0/8`; a bare address is the range of itself.
    package init(_ text: some StringProtocol) throws(Flaw) {
        let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        guard let address = IPAddress(parts[0]) else { throw .malformed }
        guard parts.count == 2 else {
            self.init(first: address, prefix: address.width)
            return
        }
        let isPlain = (1...3).contains(parts[1].utf8.count) && parts[1].utf8.allSatisfy { (0x30...0x39).contains($0) }
        guard isPlain, parts[1].utf8.count == 1 || parts[1].utf8.first != 0x30, let prefix = Int(parts[1]),
            prefix <= address.width
        else { throw .malformed }
        let pastCount = address.width - prefix
        let bits = (address.bits >> pastCount) << pastCount
        let first = address.family == .ipv4 ? IPAddress(v4: UInt32(bits)) : IPAddress(v6: bits)
        guard first == address else { throw .bitsPastPrefix(AddressRange(first: first, prefix: prefix)) }
        self.init(first: first, prefix: prefix)
    }

    private init(first: IPAddress, prefix: Int) {
        self.first = first
        self.prefix = prefix
    }

    /// An IPv4 address lies in no IPv6 range, however it is mapped.
    package func contains(_ address: IPAddress) -> Bool {
        address.family == first.family && (address.bits ^ first.bits) >> (first.width - prefix) == 0
    }

    package var description: String { "\(first)/\(prefix)" }
}

extension SettingReader {
    /// The address ranges of a list; a bare text is a list of one. nil when the key is not there.
    package func addressRanges(_ key: String, _ mistakes: inout Mistakes) -> [AddressRange]? {
        texts(key, &mistakes)?.compactMap { text, place in
            do throws(AddressRange.Flaw) {
                return try AddressRange(text.value)
            } catch {
                let what = "an address range in \(value(key)?.path ?? key)"
                switch error {
                case .malformed:
                    mistakes.add(place, "\(what) must be such as 10.0.0.0/8 or 2001:db8::/32, not \"\(text.shown)\"")
                case .bitsPastPrefix(let meant):
                    mistakes.add(
                        place, "\(what) must not have bits past its prefix: write \(meant), not \"\(text.shown)\"")
                }
                return nil
            }
        }
    }
}
