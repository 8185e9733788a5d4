import Vocabulary

/// Reads how packets leave: keys that a region, a check and the defaults have in common.
enum RouteReader {
    static func route(_ reader: SettingReader, _ mistakes: inout Mistakes) -> Route {
        Route(
            source: source(reader, &mistakes), interface: interface(reader, &mistakes),
            resolver: resolver(reader, &mistakes), proxy: reader.value("proxy"))
    }

    private static func source(_ reader: SettingReader, _ mistakes: inout Mistakes) -> IPAddress? {
        guard let text = reader.text("source", &mistakes), let value = reader.value("source") else { return nil }
        let address = IPAddress(text.value)
        if address == nil {
            mistakes.add(value.place, "\(value.path) must be an IP address of this host, not \"\(text.shown)\"")
        }
        return address
    }

    /// Source of what a name may be: Linux, dev_valid_name().
    private static func interface(_ reader: SettingReader, _ mistakes: inout Mistakes) -> String? {
        guard let text = reader.text("interface", &mistakes), let value = reader.value("interface") else { return nil }
        let isName =
            (1...15).contains(text.value.utf8.count) && ![".", ".."].contains(text.value)
            && text.value.utf8.allSatisfy { $0 > 0x20 && $0 != 0x7f && !"/:".utf8.contains($0) }
        if !isName {
            mistakes.add(
                value.place, "\(value.path) must be the name of a network interface such as eth0, not \"\(text.shown)\""
            )
            return nil
        }
        return text.value
    }

    private static func resolver(_ reader: SettingReader, _ mistakes: inout Mistakes) -> [NameServerAddress]? {
        guard let texts = reader.texts("resolver", &mistakes), let value = reader.value("resolver") else { return nil }
        var servers: [NameServerAddress] = []
        for (text, place) in texts {
            guard let server = NameServerAddress(text.value) else {
                mistakes.add(
                    place,
                    "a name server in \(value.path) must be IP or IP:PORT, such as 10.8.0.1 or [2001:db8::1]:53, "
                        + "not \"\(text.shown)\"")
                continue
            }
            servers.append(server)
        }
        if value.items.isEmpty {
            mistakes.add(value.place, "\(value.path) is empty; name a name server or leave it out")
        }
        if servers.count > NameServerAddress.countMax {
            mistakes.add(
                value.place,
                "\(value.path) has \(servers.count) name servers; \(NameServerAddress.countMax) are the most")
        }
        return servers.isEmpty ? nil : servers
    }
}
