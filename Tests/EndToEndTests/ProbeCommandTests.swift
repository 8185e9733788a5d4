import Foundation
import Loopback
import Support
import Testing

@Suite("sonde probe")
struct ProbeCommandTests {
    @Test("gives an object a line in the contract's shape, and the exit code of the worst check")
    func json() throws {
        let folder = try TemporaryFolder()
        let good = try LoopbackServer(.http(body: "pong\n"))
        let bad = try LoopbackServer(.refuse)
        _ = try folder.file(
            "sonde.yaml",
            """
            version: 1
            checks:
              - {name: good, http: "http://127.0.0.1:\(good.port)/", expect: {body: {contains: pong}}}
              - {name: bad, tcp: "127.0.0.1:\(bad.port)"}
            """)
        let ending = try Program.run(["probe", "--json"], in: folder.path)
        #expect(ending.code == 2, "\(ending.errors)")
        let lines = try ending.output.split(separator: "\n").map {
            try #require(try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any])
        }
        #expect(lines.map { $0["check"] as? String } == ["good", "bad"])
        #expect(lines.map { $0["verdict"] as? String } == ["up", "down"])
        #expect(lines.map { $0["cause"] as? String } == ["ok", "refused"])
        for line in lines {
            #expect(
                Set(line.keys).isSuperset(of: [
                    "check", "region", "time", "verdict", "cause", "detail", "total_ms", "legs_ms", "address", "http",
                    "tls", "expectations", "evidence",
                ]))
            #expect(
                Set((line["legs_ms"] as? [String: Any] ?? [:]).keys) == [
                    "resolve", "connect", "handshake", "wait", "transfer",
                ])
        }
        let only = try Program.run(["probe", "good"], in: folder.path)
        #expect(only.code == 0)
        #expect(only.output.contains("up"))
    }

    @Test("asks a target without any configuration")
    func adHoc() throws {
        let folder = try TemporaryFolder()
        let server = try LoopbackServer(.banner("220 hello\r\n"))
        let ending = try Program.run(["probe", "--tcp", "127.0.0.1:\(server.port)"], in: folder.path)
        #expect(ending.code == 0, "\(ending.errors)")
        #expect(!FileManager.default.fileExists(atPath: folder.path + "/data"))
    }
}
