/// What stands in a store: what `sonde store info` tells.
package struct StoreInfo: Hashable, Sendable {
    package let path: String
    /// Of the process that writes it now; nil for none.
    package let writer: Writer?
    package let freeBytes: Int64
    package let journal: Journal
    package var checks: [Ring]
    /// Ring files that cannot be read, in sentences.
    package var faults: [String]

    package init(
        path: String, writer: Writer?, freeBytes: Int64, journal: Journal, checks: [Ring] = [], faults: [String] = []
    ) {
        self.path = path
        self.writer = writer
        self.freeBytes = freeBytes
        self.journal = journal
        self.checks = checks
        self.faults = faults
    }

    package var bytes: Int64 { journal.bytes + checks.reduce(0) { $0 + $1.bytes } }

    package struct Writer: Hashable, Sendable {
        /// nil while it has not said it yet.
        package let pid: Int?
        package init(pid: Int?) { self.pid = pid }
    }

    package struct Journal: Hashable, Sendable {
        package let segments: Int
        package let bytes: Int64
        /// Slots that wait for their rings.
        package let waiting: Int
        package init(segments: Int, bytes: Int64, waiting: Int) {
            self.segments = segments
            self.bytes = bytes
            self.waiting = waiting
        }
    }

    package struct Ring: Hashable, Sendable {
        package let check: String
        package let bytes: Int64
        package let periodNs: Int64
        package let retention: Retention
        package let eras: Int
        package let birth: Instant?
        /// Up to where hours, verdicts and outages are made of the slots.
        package let rolledUntil: Instant?
        package let verdicts: Fill
        package let outages: Fill
        package let regions: [Region]

        package init(
            check: String, bytes: Int64, periodNs: Int64, retention: Retention, eras: Int, birth: Instant?,
            rolledUntil: Instant?, verdicts: Fill, outages: Fill, regions: [Region]
        ) {
            self.check = check
            self.bytes = bytes
            self.periodNs = periodNs
            self.retention = retention
            self.eras = eras
            self.birth = birth
            self.rolledUntil = rolledUntil
            self.verdicts = verdicts
            self.outages = outages
            self.regions = regions
        }
    }

    package struct Region: Hashable, Sendable {
        package let region: String
        package let slots: Fill
        package let hours: Fill
        /// Starts of the oldest and the newest slot that holds a sample, the journal's included; nil without any.
        package let oldest: Instant?
        package let newest: Instant?

        package init(region: String, slots: Fill, hours: Fill, oldest: Instant?, newest: Instant?) {
            self.region = region
            self.slots = slots
            self.hours = hours
            self.oldest = oldest
            self.newest = newest
        }
    }

    /// Places of a ring, and how many of them hold something.
    package struct Fill: Hashable, Sendable {
        package let places: Int64
        package let filled: Int64
        package init(places: Int64, filled: Int64) {
            self.places = places
            self.filled = filled
        }
    }
}

/// What a reading of every record found.
package struct StoreFindings: Hashable, Sendable {
    /// Records read, those never written left out.
    package var recordCount: Int64 = 0
    /// One for each record that is not whole, or more that are missing: sentences that name the place.
    package var faults: [String] = []
    /// Damaged records beyond those that `faults` names.
    package var unnamedCount = 0
    package static let namedMax = 1_000

    package init() {}

    package var isWhole: Bool { faults.isEmpty }
    package var faultCount: Int { faults.count + unnamedCount }

    package mutating func add(_ fault: String) {
        if faults.count < StoreFindings.namedMax { faults.append(fault) } else { unnamedCount += 1 }
    }
}
