/// Everything the configuration says, checked and with names resolved: what Config gives and every later stage reads.
package struct Plan: Hashable, Sendable {
    package var store: StorePlan
    package var listen: ListenAddress
    package var zone: Zone
    /// In the order of the file; at least one (`local` when none is declared).
    package var regions: [Region]
    /// In the order of the files.
    package var checks: [Check]
    package var maintenance: [MaintenanceWindow]
    package var channels: [ChannelPlan]
    package var alerts: [AlertRule]
    package var contracts: [Contract]

    package init(
        store: StorePlan, listen: ListenAddress, zone: Zone, regions: [Region], checks: [Check],
        maintenance: [MaintenanceWindow] = [], channels: [ChannelPlan] = [], alerts: [AlertRule] = [],
        contracts: [Contract] = []
    ) {
        self.store = store
        self.listen = listen
        self.zone = zone
        self.regions = regions
        self.checks = checks
        self.maintenance = maintenance
        self.channels = channels
        self.alerts = alerts
        self.contracts = contracts
    }

    package func check(named name: String) -> Check? { checks.first { $0.name == name } }
    package func region(named name: String) -> Region? { regions.first { $0.name == name } }
}

package struct StorePlan: Hashable, Sendable {
    /// Folder of the store; absolute, or relative to the working folder.
    package var path: String
    package init(path: String) { self.path = path }
}

package struct ListenAddress: Hashable, Sendable {
    package let host: String
    package let port: Int
    package init(host: String, port: Int) {
        self.host = host
        self.port = port
    }
}

/// The place we ask from, and how packets leave.
package struct Region: Hashable, Sendable {
    package let name: String
    /// ISO 3166 code, upper case; nil when not said.
    package let country: String?
    /// What the region, or else the defaults, say of how packets leave.
    package let route: Route
    /// Addresses that are to answer always, HOST:PORT or a URL: texts with their places.
    package let sentinels: [Setting]
    /// Its former name, under which its history stands; nil for none.
    package let renamedFrom: String?

    package init(
        name: String, country: String? = nil, route: Route = Route(), sentinels: [Setting] = [],
        renamedFrom: String? = nil
    ) {
        self.name = name
        self.renamedFrom = renamedFrom
        self.country = country
        self.route = route
        self.sentinels = sentinels
    }
}

/// How long a check's history is kept.
package struct Retention: Hashable, Sendable {
    package let slotsNs: Int64
    package let hoursNs: Int64
    package static let standard = Retention(slotsNs: 400 * Duration.dayNs, hoursNs: 5 * Duration.yearNs)

    package init(slotsNs: Int64, hoursNs: Int64) {
        self.slotsNs = slotsNs
        self.hoursNs = hoursNs
    }
}

package enum AddressFamily: String, Hashable, Sendable, CaseIterable {
    case any
    case ipv4 = "4"
    case ipv6 = "6"
}

/// A named, configured question asked of one target every period.
package struct Check: Hashable, Sendable {
    package var name: String
    /// For people; the name when none is given.
    package var title: String
    /// The name of a probe kind: `http`, `tcp`, `tls`.
    package var kind: String
    /// The kind's own settings, decoded by Probing.
    package var settings: Setting
    /// The `expect:` block, decoded by Probing; nil when there is none.
    package var expect: Setting?
    package var periodNs: Int64
    /// The one deadline of the whole probe, under the period.
    package var timeoutNs: Int64
    /// Region names, in the order of the plan's regions.
    package var regions: [String]
    package var vote: Vote
    package var confirm: Int
    package var recover: Int
    package var family: AddressFamily
    /// What the check itself says of how packets leave: it goes before its region's.
    package var route: Route
    /// Connects to no loopback, private, link-local and other addresses that are not of the internet.
    package var blocksPrivate: Bool
    /// Exceptions to `blocksPrivate`.
    package var allow: [AddressRange]
    package var tags: [String: String]
    package var isPaused: Bool
    package var retention: Retention
    /// Its former name, under which its history stands; nil for none.
    package var renamedFrom: String?
    /// The threshold T of Apdex; nil: none is computed.
    package var apdexNs: Int64?
    /// Where the check stands in the configuration.
    package var place: Place

    package init(
        name: String, title: String? = nil, kind: String, settings: Setting, expect: Setting? = nil,
        periodNs: Int64 = Duration.minuteNs, timeoutNs: Int64 = 10 * Duration.secondNs, regions: [String] = ["local"],
        vote: Vote = .majority, confirm: Int = 1, recover: Int = 1, family: AddressFamily = .any,
        route: Route = Route(), blocksPrivate: Bool = false, allow: [AddressRange] = [],
        tags: [String: String] = [:], isPaused: Bool = false, retention: Retention = .standard,
        renamedFrom: String? = nil, apdexNs: Int64? = nil, place: Place = Place(file: "", line: 1, column: 1)
    ) {
        self.name = name
        self.title = title ?? name
        self.kind = kind
        self.settings = settings
        self.expect = expect
        self.periodNs = periodNs
        self.timeoutNs = timeoutNs
        self.regions = regions
        self.vote = vote
        self.confirm = confirm
        self.recover = recover
        self.family = family
        self.route = route
        self.blocksPrivate = blocksPrivate
        self.allow = allow
        self.tags = tags
        self.isPaused = isPaused
        self.retention = retention
        self.renamedFrom = renamedFrom
        self.apdexNs = apdexNs
        self.place = place
    }

    package var grid: SlotGrid { SlotGrid(periodNs: periodNs) }
    /// How long after its start a slot can still change in the normal course. Source: docs/uptime.md, rule 1.
    package var settlingNs: Int64 { periodNs + timeoutNs + Duration.secondNs }
}

/// A channel as configured: its kind's own settings are decoded by Alerting.
package struct ChannelPlan: Hashable, Sendable {
    package let name: String
    package let kind: String
    package let settings: Setting
    package init(name: String, kind: String, settings: Setting) {
        self.name = name
        self.kind = kind
        self.settings = settings
    }
}

/// Which incidents notify whom.
package struct AlertRule: Hashable, Sendable {
    /// Names of checks.
    package let checks: [String]
    /// Names of channels.
    package let channels: [String]
    package init(checks: [String], channels: [String]) {
        self.checks = checks
        self.channels = channels
    }
}
