// Breaks the store in every way there is, and looks whether it kept what it promised. `make torture` runs the long
// form; Tests/StorageTests the short one.
// Usage: torture kills|power|ext4|faults|flips|lengths|soak [count] [seed], or torture writer PATH FROM (a victim)
import Foundation
import Glibc
import Storage
import Vocabulary

let arguments = CommandLine.arguments
let name = arguments.count > 1 ? arguments[1] : ""

/// The number at `place`, else `standard`.
func number(_ place: Int, _ standard: Int) -> Int {
    arguments.count > place ? Int(arguments[place]) ?? standard : standard
}

let seed = UInt64(number(3, Int(UInt32.random(in: 1...UInt32.max))))
let begun = Date()
do {
    let outcome: TortureOutcome
    switch name {
    case "writer": try Victim.run(path: arguments[2], from: Int64(number(3, 0)), isSlow: false)
    case "slow-writer": try Victim.run(path: arguments[2], from: Int64(number(3, 0)), isSlow: true)
    case "kills":
        outcome = try Victim.killLoop(program: arguments[0], kills: number(2, 1_000), seed: seed); end(outcome)
    case "power": outcome = try Torture.powerLoop(rounds: number(2, 100), seed: seed); end(outcome)
    case "ext4": outcome = try Ext4.loop(program: arguments[0], cuts: number(2, 100), seed: seed); end(outcome)
    case "faults":
        outcome = try Torture.faultLoop(codes: [ENOSPC, EIO, EROFS, EMFILE], every: number(2, 1)); end(outcome)
    case "flips": outcome = try Torture.flipLoop(flips: number(2, 10_000), seed: seed); end(outcome)
    case "lengths": outcome = try Torture.lengthLoop(every: number(2, 1)); end(outcome)
    case "soak": outcome = try Soak.run(samples: number(2, 10_000_000)); end(outcome)
    default:
        print("usage: torture kills|power|ext4|faults|flips|lengths|soak [count] [seed]")
        exit(64)
    }
} catch {
    print("\(name): \(error)")
    exit(1)
}

func end(_ outcome: TortureOutcome) -> Never {
    let seconds = String(format: "%.1f", Date().timeIntervalSince(begun))
    for fault in outcome.faults.prefix(20) { print("  \(fault)") }
    let note = outcome.note.isEmpty ? "" : "; \(outcome.note)"
    print(
        "\(name): \(outcome.rounds) rounds, \(outcome.faults.count) faults, \(seconds) s, seed \(seed)\(note)")
    exit(outcome.faults.isEmpty ? 0 : 1)
}
