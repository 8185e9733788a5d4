import Foundation
import Testing

@testable import torture

/// The short forms; `make torture` runs the long ones.
@Suite("Torture")
struct TortureTests {
    /// Beside the test bundle.
    private static let program: String = {
        let bundle = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? ""
        return (bundle as NSString).deletingLastPathComponent + "/torture"
    }()
    private let seed = UInt64.random(in: 1...UInt64.max >> 1)

    @Test("killed at 50 random moments under load, nothing that was handed over is missing")
    func kills() throws {
        let outcome = try Victim.killLoop(program: Self.program, kills: 50, seed: seed)
        #expect(outcome.faults == [] && outcome.rounds == 50)
    }

    @Test("a reader beside a writer at full rate never sees a torn slot, and is never behind")
    func readers() throws {
        let outcome = try Victim.readLoop(program: Self.program, reads: 100)
        #expect(outcome.faults == [] && outcome.rounds == 100)
    }

    @Test("after a power cut nothing older than the last second is missing")
    func power() throws {
        let outcome = try Torture.powerLoop(rounds: 20, seed: seed)
        #expect(outcome.faults == [] && outcome.rounds == 20)
    }

    @Test("whichever call fails once, the store heals and nothing is missing", arguments: [ENOSPC, EIO])
    func faults(code: Int32) throws {
        let outcome = try Torture.faultLoop(codes: [code], every: 5, from: code == EIO ? 1 : 3)
        #expect(outcome.faults == [] && outcome.rounds > 10)
    }

    @Test("500 flipped bits cost their own record each")
    func flips() throws {
        let outcome = try Torture.flipLoop(flips: 500, seed: seed)
        #expect(outcome.faults == [] && outcome.rounds == 500)
    }

    @Test("a store cut short anywhere shows what is whole")
    func lengths() throws {
        let outcome = try Torture.lengthLoop(every: 2_053)
        #expect(outcome.faults == [] && outcome.rounds > 50)
    }
}
