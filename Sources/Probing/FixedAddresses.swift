import Vocabulary

/// Addresses that stand in for look-ups, by target: `resolve` of an http check.
struct FixedAddresses: Sendable {
    private let byTarget: [String: [SocketAddress]]

    /// nil: the target is looked up.
    func addresses(of target: HostPort) -> [SocketAddress]? { byTarget[FixedAddresses.key(target)] }

    private static func key(_ target: HostPort) -> String { target.text.lowercased() }

    /// nil when the key is not there; what cannot be used is a mistake.
    static func decode(_ reader: SettingReader, _ key: String, _ mistakes: inout Mistakes) -> FixedAddresses? {
        guard let value = reader.value(key) else { return nil }
        guard let entries = value.entries else {
            mistakes.add(value.place, "\(value.path) must be a map such as {\"example.com:443\": [192.0.2.1]}")
            return nil
        }
        var byTarget: [String: [SocketAddress]] = [:]
        for entry in entries {
            guard let target = HostPort(text: entry.key) else {
                mistakes.add(
                    entry.place,
                    "\"\(entry.key)\" in \(value.path) must be HOST:PORT, such as example.com:443 or [2001:db8::1]:443")
                continue
            }
            var addresses: [SocketAddress] = []
            for item in entry.value.items {
                if let text = item.text, let address = SocketAddress(literal: text.value, port: target.port) {
                    addresses.append(address)
                } else {
                    let shown = item.text.map { ", not \"\($0.shown)\"" } ?? ""
                    mistakes.add(item.place, "\(item.path) must be an IP address\(shown)")
                }
            }
            let count = entry.value.items.count
            if count == 0 || count > AddressQueue.addressesMax {
                mistakes.add(
                    entry.value.place,
                    "\(entry.value.path) must have 1 to \(AddressQueue.addressesMax) addresses, not \(count)")
            }
            byTarget[FixedAddresses.key(target)] = addresses
        }
        return FixedAddresses(byTarget: byTarget)
    }
}
