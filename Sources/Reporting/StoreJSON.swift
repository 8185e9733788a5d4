import Vocabulary

/// What stands in a store, for programs.
package enum StoreJSON {
    package static func info(_ info: StoreInfo, configured: Set<String>) -> String {
        JSON.object([
            "store": .string(info.path), "bytes": .int(info.bytes), "free_bytes": .int(info.freeBytes),
            "writer": info.writer.map { .object(["pid": .optional($0.pid.map { Int64($0) })]) } ?? .null,
            "journal": .object([
                "segments": .int(Int64(info.journal.segments)), "bytes": .int(info.journal.bytes),
                "waiting": .int(Int64(info.journal.waiting)),
            ]),
            "checks": .array(info.checks.map { ring($0, isConfigured: configured.contains($0.check)) }),
            "faults": .array(info.faults.map { .string($0) }),
        ]).prettyText + "\n"
    }

    private static func ring(_ ring: StoreInfo.Ring, isConfigured: Bool) -> JSON {
        .object([
            "check": .string(ring.check), "configured": .bool(isConfigured), "bytes": .int(ring.bytes),
            "period_s": JSON.seconds(ring.periodNs), "slots_kept_s": JSON.seconds(ring.retention.slotsNs),
            "hours_kept_s": JSON.seconds(ring.retention.hoursNs), "eras": .int(Int64(ring.eras)),
            "birth": .instant(ring.birth), "rolled_until": .instant(ring.rolledUntil),
            "verdict_blocks": fill(ring.verdicts), "outages": fill(ring.outages),
            "regions": .array(
                ring.regions.map {
                    .object([
                        "region": .string($0.region), "slots": fill($0.slots), "hours": fill($0.hours),
                        "oldest": .instant($0.oldest), "newest": .instant($0.newest),
                    ])
                }),
        ])
    }

    private static func fill(_ fill: StoreInfo.Fill) -> JSON {
        .object(["places": .int(fill.places), "filled": .int(fill.filled)])
    }

    package static func findings(_ findings: StoreFindings) -> String { json(findings).prettyText + "\n" }

    private static func json(_ findings: StoreFindings) -> JSON {
        .object([
            "whole": .bool(findings.isWhole), "records": .int(findings.recordCount),
            "damaged": .int(Int64(findings.faultCount)), "faults": .array(findings.faults.map { .string($0) }),
        ])
    }

    /// What repairing lost, and where the copy stands.
    package static func repair(lost: StoreFindings, kept: Int64, copy: String) -> String {
        JSON.object(["copy": .string(copy), "kept": .int(kept), "lost": json(lost)]).prettyText + "\n"
    }

    package static func forget(_ check: String) -> String {
        JSON.object(["forgotten": .string(check)]).prettyText + "\n"
    }
}
