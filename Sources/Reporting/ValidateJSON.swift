import Vocabulary

/// What a configuration amounts to, for programs.
package enum ValidateJSON {
    /// `files`: those read, in order. `bytes`: what each check's rings take on disk, in the order of the plan's checks.
    package static func render(_ plan: Plan, files: [String], bytes: [Int64]) -> String {
        let checks = zip(plan.checks, bytes).map { check, bytes in
            JSON.object([
                "check": .string(check.name), "kind": .string(check.kind),
                "period_s": JSON.seconds(check.periodNs), "timeout_s": JSON.seconds(check.timeoutNs),
                "regions": .array(check.regions.map { .string($0) }), "vote": .string(check.vote.name),
                "paused": .bool(check.isPaused), "bytes": .int(bytes),
            ])
        }
        let regions = plan.regions.map { region in
            JSON.object([
                "region": .string(region.name), "country": .optional(region.country),
                "source": .optional(region.route.source?.description),
            ])
        }
        return JSON.object([
            "files": .array(files.map { .string($0) }), "checks": .array(checks), "regions": .array(regions),
            "channels": .array(plan.channels.map { .string($0.name) }),
            "contracts": .array(plan.contracts.map { .string($0.name) }), "bytes": .int(bytes.reduce(0, +)),
        ]).prettyText + "\n"
    }
}
