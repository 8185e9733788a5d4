import Ledger
import Reporting
import Vocabulary

/// What was seen at the first failure of each series' present bad run.
struct FirstFailures {
    /// Series whose first failure is kept at one time; of further ones nothing is kept.
    static let keptMax = 1_000
    /// Longest text made of them for one incident, in bytes.
    static let bytesMax = Ledger.evidenceBytesMax

    private var kept: [SeriesIndex: Sample] = [:]
    private let max: Int

    init(max: Int = keptMax) { self.max = max }

    var count: Int { kept.count }

    mutating func take(_ sample: Sample, _ verdict: Verdict) {
        switch verdict {
        case .up, .degraded: if !kept.isEmpty { kept[sample.due.series] = nil }
        case .unknown: break
        case .down:
            if kept[sample.due.series] == nil, kept.count < max { kept[sample.due.series] = sample }
        }
    }

    /// What one region of a check saw last; for those that have no failure to show.
    struct Word {
        let region: String
        let verdict: Verdict
        let cause: Cause
        let at: Instant
    }

    /// The evidence of an incident of `check`, as JSON: each region's first failure as `sonde probe --json` shows it,
    /// else its last word. What does not fit into `bytesMax` is left out whole and said.
    /// `series` and `words`: region by region of the check.
    func evidence(_ check: Check, series: [SeriesIndex], words: [Word?]) -> String {
        var regions: [JSON] = []
        var leftOut: Int64 = 0
        var bytes = 0
        for (place, name) in check.regions.enumerated() {
            guard let seen = kept[series[place]].map({ seen($0, check, name) }) ?? words[place].map(FirstFailures.said)
            else { continue }
            bytes += seen.text.utf8.count + 1
            if bytes < FirstFailures.bytesMax - 256 { regions.append(seen) } else { leftOut += 1 }
        }
        return JSON.object([
            "check": .string(check.name), "regions": .array(regions), "left_out": .int(leftOut),
        ]).text
    }

    private func seen(_ sample: Sample, _ check: Check, _ region: String) -> JSON {
        ProbeJSON.json(
            ProbeReport(check: check.name, kind: check.kind, region: region, sample: sample, verdict: .down))
    }

    private static func said(_ word: Word) -> JSON {
        .object([
            "region": .string(word.region), "time": .instant(word.at), "verdict": .string(word.verdict.name),
            "cause": .string(word.cause.name),
        ])
    }
}
