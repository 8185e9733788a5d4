import Vocabulary

extension Plan {
    /// The plan as reactors know it: the checks, and after them one for each sentinel, region by region. The numbers of
    /// the checks stay as they are; nobody stores, counts or shows what comes after them.
    package var withSentinels: Plan {
        var plan = self
        for region in regions {
            for address in region.sentinels { plan.checks.append(.sentinel(address, of: region)) }
        }
        return plan
    }
}

extension Check {
    /// Asks a sentinel: HOST:PORT must take a connection, a URL must be answered, whatever the status.
    fileprivate static func sentinel(_ address: Setting, of region: Region) -> Check {
        let isURL = address.text.map { $0.value.hasPrefix("http://") || $0.value.hasPrefix("https://") } ?? false
        func setting(_ node: Setting.Node) -> Setting { Setting(place: address.place, path: address.path, node: node) }
        func map(_ key: String, _ value: Setting, _ more: [(String, Setting)] = []) -> Setting {
            let entries = ([(key, value)] + more).map {
                Setting.Entry(key: $0.0, place: address.place, value: $0.1)
            }
            return setting(.map(entries))
        }
        let no = setting(.text(SettingText("false")))
        let anyStatus = setting(.text(SettingText("100-599")))
        return Check(
            name: "sentinel of \(region.name)", kind: isURL ? "http" : "tcp",
            settings: isURL ? map("url", address, [("follow", no)]) : map("address", address),
            expect: isURL ? map("status", anyStatus) : nil, timeoutNs: Suspicion.waitNsMax, regions: [region.name],
            place: address.place)
    }
}
