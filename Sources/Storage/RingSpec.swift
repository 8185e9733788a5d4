import Vocabulary

/// What a check asks of its ring file.
package struct RingSpec: Hashable, Sendable {
    package let check: String
    package let periodNs: Int64
    package let vote: Vote
    /// Region names, in the order of the configuration; at least one.
    package let regions: [String]
    package let retention: Retention
    /// The check's former name, whose file becomes its own where it has none; nil for none.
    package let formerCheck: String?
    /// By region: its former name, under which its history stands.
    package let formerRegions: [String: String]

    package init(
        check: String, periodNs: Int64, vote: Vote, regions: [String], retention: Retention,
        formerCheck: String? = nil, formerRegions: [String: String] = [:]
    ) {
        precondition(RingSpec.isFileName(check), "a check's name is a file name: [a-z0-9][a-z0-9._-]{0,63}")
        precondition(periodNs >= RingHeader.periodNsMin && !regions.isEmpty, "a check has a period and a region")
        precondition(Set(regions).count == regions.count, "a region asks once")
        precondition(regions.allSatisfy { (1...64).contains($0.utf8.count) }, "a region's name has 1 to 64 bytes")
        precondition(retention.slotsNs > 0 && retention.hoursNs > 0, "history is kept for some time")
        self.check = check
        self.periodNs = periodNs
        self.vote = vote
        self.regions = regions
        self.retention = retention
        self.formerCheck = formerCheck
        self.formerRegions = formerRegions
    }

    package init(check: Check, regions: [Region] = []) {
        let former = regions.compactMap { region in region.renamedFrom.map { (region.name, $0) } }
        self.init(
            check: check.name, periodNs: check.periodNs, vote: check.vote, regions: check.regions,
            retention: check.retention, formerCheck: check.renamedFrom,
            formerRegions: Dictionary(uniqueKeysWithValues: former))
    }

    /// What a region of the file is called now.
    func presentName(of region: String) -> String {
        formerRegions.first { $0.value == region && regions.contains($0.key) }?.key ?? region
    }

    static func isFileName(_ name: String) -> Bool {
        let isAllowed = name.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"): true
            case UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "-"): true
            default: false
            }
        }
        return isAllowed && (1...64).contains(name.utf8.count) && !".-_".contains(name.first ?? ".")
    }
}
