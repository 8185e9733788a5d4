import Alerting
import Config
import Foundation
import Probing
import Testing

@Suite("docs/configuration.md")
struct ReferenceTests {
    @Test("is what the code says of its keys; `make golden` writes it anew")
    func reference() throws {
        let path = URL(fileURLWithPath: #filePath)
            .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
            .appendingPathComponent("docs/configuration.md")
        let actual = ConfigReference.markdown(
            kinds: ProbeKinds.all.map { ($0.name, $0.keys) },
            blocks: [
                ("http: oauth2", ProbeKinds.oauth2Keys), ("tls", TLSSettings.keys),
                ("expect", ExpectationKey.allCases.map(\.description)),
            ] + ExpectationKey.blocks,
            channels: ChannelKinds.all.map { ($0.kind, $0.keys) })
        if ProcessInfo.processInfo.environment["SONDE_GOLDEN"] == "rewrite" {
            try actual.write(to: path, atomically: true, encoding: .utf8)
        }
        #expect(try String(contentsOf: path, encoding: .utf8) == actual, "`make golden` rewrites docs/configuration.md")
    }
}
