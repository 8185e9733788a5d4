import Foundation
import Testing
import Vocabulary

@testable import sonde

@Suite("First failures")
struct FirstFailureTests {
    static let check = Check(
        name: "shop", kind: "http", settings: .text("http://127.0.0.1/"), regions: ["tw", "jp", "us"])
    static let at = Instant(rfc3339: "2026-11-22T10:00:00Z")!

    static func sample(_ region: Int, _ second: Int64, isDown: Bool = true, body: String? = nil) -> Sample {
        let at = at + second * Duration.secondNs
        let evidence = Evidence(resolver: [], addresses: [], statusLine: nil, headers: [], body: body)
        return Sample(
            due: Due(series: SeriesIndex(check: 0, region: region), slot: 0, at: at), start: at,
            cause: isDown ? .refused : .ok, unmet: isDown ? .fail : nil,
            findings: Findings(detail: "number \(second)", evidence: evidence))
    }

    static func regions(_ failures: FirstFailures) throws -> [[String: Any]] {
        let words = (0..<3).map { _ in
            FirstFailures.Word(region: "seen", verdict: .up, cause: .ok, at: at)
        }
        let text = failures.evidence(
            check, series: (0..<3).map { SeriesIndex(check: 0, region: $0) }, words: words)
        #expect(text.utf8.count <= FirstFailures.bytesMax)
        let json = try #require(JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
        return try #require(json["regions"] as? [[String: Any]])
    }

    @Test("the first of a run is kept, with what the other regions saw, until the series is good again")
    func first() throws {
        var failures = FirstFailures()
        failures.take(Self.sample(0, 1), .down)
        failures.take(Self.sample(0, 2), .down)
        failures.take(Self.sample(0, 3), .unknown)
        failures.take(Self.sample(1, 4), .down)
        failures.take(Self.sample(1, 5, isDown: false), .up)
        failures.take(Self.sample(1, 6), .down)
        let regions = try Self.regions(failures)
        #expect(regions.map { $0["detail"] as? String } == ["number 1", "number 6", nil])
        #expect(regions.map { $0["verdict"] as? String } == ["down", "down", "up"])
        #expect(regions[2]["region"] as? String == "seen")
    }

    @Test("keeps so many series and no more, and no incident's evidence grows over its bound")
    func bounds() throws {
        var failures = FirstFailures(max: 2)
        for region in 0..<3 { failures.take(Self.sample(region, 1), .down) }
        #expect(failures.count == 2)
        failures.take(Self.sample(0, 2, isDown: false), .up)
        failures.take(Self.sample(2, 3), .down)
        #expect(failures.count == 2)
        var large = FirstFailures()
        let body = String(repeating: "x", count: FirstFailures.bytesMax / 2)
        for region in 0..<3 { large.take(Self.sample(region, 1, body: body), .down) }
        #expect(try Self.regions(large).count == 1)
    }
}
