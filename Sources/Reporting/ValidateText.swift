import Vocabulary

/// What a configuration without mistakes amounts to: checks, regions, probes per second, bytes on disk.
package enum ValidateText {
    /// `bytes`: what each check's rings take on disk, in the order of the plan's checks.
    package static func render(_ plan: Plan, bytes: [Int64], _ style: TextStyle) -> String {
        var page = TextPage(style)
        writeChecks(plan, bytes, to: &page)
        writeRegions(plan.regions, to: &page)
        page.line()
        let series = plan.checks.reduce(0) { $0 + $1.regions.count }
        let words = [
            Words.count(plan.checks.count, "check"), Words.count(plan.regions.count, "region"), "\(series) series",
            "\(probesPerSecond(plan.checks)) probes per second", "\(size(bytes.reduce(0, +))) on disk",
        ]
        page.wrapped(words, separator: " · ", .strong, indent: 1)
        page.line(
            "zone \(escaped(plan.zone.name)) · store \(escaped(plan.store.path)) · listens on "
                + "\(escaped(plan.listen.host)):\(plan.listen.port)", .faint)
        page.line("No mistakes.", .state(.up))
        return page.text
    }

    private static func writeChecks(_ plan: Plan, _ bytes: [Int64], to page: inout TextPage) {
        var table = TextTable([
            .init(title: "check", canShrink: true), .init(title: "kind"), .init(title: "period", isRight: true),
            .init(title: "timeout", isRight: true), .init(title: "regions", canShrink: true), .init(title: "vote"),
            .init(title: "bytes", isRight: true),
        ])
        for (index, check) in plan.checks.enumerated() {
            table.add([
                .text(escaped(check.name), .strong), .text(escaped(check.kind)), .text(Duration.text(check.periodNs)),
                .text(Duration.text(check.timeoutNs)),
                .text(check.regions.map { escaped($0) }.joined(separator: ", "), .faint),
                .text(check.isPaused ? "paused" : check.vote.name),
                .text(index < bytes.count ? size(bytes[index]) : "–"),
            ])
        }
        table.write(to: &page, indent: 1)
    }

    private static func writeRegions(_ regions: [Region], to page: inout TextPage) {
        page.line()
        var table = TextTable([
            .init(title: "region", canShrink: true), .init(title: "country"), .init(title: "packets leave by"),
        ])
        for region in regions {
            table.add([
                .text(escaped(region.name), .strong), .text(region.country.map { escaped($0) } ?? "–"),
                .text(escaped(way(region.route)), .faint),
            ])
        }
        table.write(to: &page, indent: 1)
    }

    /// A proxy without its user name and password.
    private static func way(_ route: Route) -> String {
        let proxy = route.proxy?.text?.shown.split(separator: "@").last.map { "proxy \($0)" }
        let ways = [route.source?.description, route.interface, proxy].compactMap(\.self)
        return ways.isEmpty ? "the routing table" : ways.joined(separator: ", ")
    }

    /// With two decimals, rounded up in the last: never 0.00 for a plan that probes.
    private static func probesPerSecond(_ checks: [Check]) -> String {
        var millionths: Int64 = 0
        for check in checks where !check.isPaused && check.periodNs > 0 {
            millionths += Int64(check.regions.count) * Duration.secondNs * 1_000_000 / check.periodNs
        }
        return Words.decimals((millionths + 9_999) / 10_000, 2)
    }

    /// `10.2 MB`, in powers of 1000.
    static func size(_ bytes: Int64) -> String {
        switch bytes {
        case ..<1000: "\(bytes) B"
        case ..<1_000_000: "\(Words.decimals(bytes / 100, 1)) kB"
        case ..<1_000_000_000: "\(Words.decimals(bytes / 100_000, 1)) MB"
        default: "\(Words.decimals(bytes / 100_000_000, 1)) GB"
        }
    }
}
