import Support
import Testing
import Vocabulary

@testable import Ledger

@Suite("Pauses, corrections and announced windows in the ledger")
struct LedgerAmendmentTests {
    let folder: TemporaryFolder
    let ledger: Ledger

    init() throws {
        folder = try TemporaryFolder()
        ledger = try Ledger(path: folder.path + "/ledger.sqlite")
    }

    private func at(_ minute: Int64) -> Instant { noon + minute * Duration.minuteNs }
    private func between(_ from: Int64, _ to: Int64) -> Interval { Interval(start: at(from), end: at(to)) }

    @Test("a pause goes on until it is ended; a second one enters nothing")
    func pauses() throws {
        #expect(try ledger.pause("shop", from: at(0)) == nil)
        let open = Pause(check: "shop", start: at(0), end: nil, origin: .command)
        #expect(try ledger.pause("shop", from: at(1)) == open)
        #expect(try ledger.pauses() == [open])
        #expect(open.interval.contains(at(1_000_000)))
        #expect(try ledger.resume("shop", at: at(5)) == open)
        #expect(try ledger.pauses().map(\.interval) == [between(0, 5)])
        #expect(try ledger.resume("shop", at: at(6)) == nil)
        #expect(try ledger.pauses(endingAfter: at(5)) == [])
        #expect(try ledger.pause("shop", from: at(7)) == nil)
    }

    @Test("a pause with an end is over then, without anybody ending it")
    func limited() throws {
        _ = try ledger.pause("shop", from: at(0), until: at(10))
        #expect(try ledger.resume("shop", at: at(10)) == nil)
        #expect(try ledger.pause("shop", from: at(10)) == nil)
        #expect(try ledger.pauses().map(\.start) == [at(0), at(10)])
    }

    @Test("what the configuration paused only the configuration resumes")
    func origins() throws {
        _ = try ledger.pause("shop", from: at(0), origin: .configuration)
        #expect(try ledger.resume("shop", at: at(1))?.origin == .configuration)
        #expect(try ledger.pauses().map(\.end) == [nil])
        #expect(try ledger.resume("shop", at: at(2), origin: .configuration)?.start == at(0))
        #expect(try ledger.pauses().map(\.end) == [at(2)])
    }

    @Test("a correction over another of the same check is refused; beside it, or once that one is withdrawn, it is not")
    func corrections() throws {
        let first = Correction(interval: between(0, 10), verdict: .up, why: "our firewall")
        #expect(try ledger.correct("shop", first, at: at(20)) == nil)
        let over = Correction(interval: between(9, 12), verdict: .excluded, why: "again")
        let held = try ledger.correct("shop", over, at: at(21))
        #expect(held == CorrectionEntry(id: 1, check: "shop", correction: first, entered: at(20)))
        #expect(try ledger.corrections().map(\.id) == [1])
        let beside = Correction(interval: between(10, 12), verdict: .down, why: "they called")
        #expect(try ledger.correct("shop", beside, at: at(22)) == nil)
        #expect(try ledger.correct("blog", over, at: at(23)) == nil)
        #expect(try ledger.withdraw(correction: 1, why: "wrong day", at: at(24)))
        #expect(try !ledger.withdraw(correction: 1, why: "wrong day", at: at(25)))
        #expect(try !ledger.withdraw(correction: 77, why: "wrong day", at: at(25)))
        #expect(try ledger.corrections().map(\.id) == [2, 3])
        let again = Correction(interval: between(0, 10), verdict: .down, why: "the right day")
        #expect(try ledger.correct("shop", again, at: at(26)) == nil)
        #expect(try ledger.corrections().map(\.correction) == [beside, over, again])
    }

    @Test("windows to come follow the configuration, those that began stay as they were first known")
    func windows() throws {
        func window(_ name: String, _ from: Int64, _ to: Int64, _ checks: [String], at minute: Int64) -> AnnouncedWindow
        {
            AnnouncedWindow(name: name, interval: between(from, to), checks: checks, entered: at(minute))
        }
        try ledger.announce([window("a", 10, 20, ["shop"], at: 0), window("b", 30, 40, ["shop"], at: 0)], at: at(0))
        // `a` has begun and is gone from the configuration; `b` moved; `c` came with another check.
        try ledger.announce(
            [window("b", 35, 45, ["shop"], at: 15), window("c", 12, 50, ["blog"], at: 15)], at: at(15))
        let known = try ledger.announcedWindows()
        #expect(
            known == [
                window("a", 10, 20, ["shop"], at: 0), window("c", 12, 50, ["blog"], at: 15),
                window("b", 35, 45, ["shop"], at: 15),
            ])
        try ledger.announce([window("b", 35, 45, ["shop", "blog"], at: 16)], at: at(16))
        #expect(try ledger.announcedWindows().last == window("b", 35, 45, ["shop", "blog"], at: 16))
        try ledger.announce([window("b", 35, 45, ["shop", "blog"], at: 17)], at: at(17))
        #expect(try ledger.announcedWindows().last?.entered == at(16))
        _ = try ledger.forget(closedBefore: at(21))
        #expect(try ledger.announcedWindows().map(\.name) == ["c", "b"])
    }

    @Test("what was entered of a check under its former name is its own, and what others entered stays theirs")
    func renamed() throws {
        let correction = Correction(interval: between(0, 10), verdict: .up, why: "ours")
        for check in ["store", "store-2"] {
            #expect(try ledger.pause(check, from: at(20)) == nil)
            #expect(try ledger.correct(check, correction, at: at(11)) == nil)
        }
        let both = AnnouncedWindow(name: "a", interval: between(10, 20), checks: ["store", "store-2"], entered: at(0))
        try ledger.announce([both], at: at(0))
        for _ in 1...2 { try ledger.rename(["store": "shop"]) }
        #expect(try ledger.pauses().map(\.check) == ["shop", "store-2"])
        #expect(try ledger.corrections().map(\.check) == ["shop", "store-2"])
        #expect(
            try ledger.announcedWindows() == [
                AnnouncedWindow(name: "a", interval: between(10, 20), checks: ["shop", "store-2"], entered: at(0))
            ])
        #expect(try ledger.resume("shop", at: at(21))?.start == at(20))
    }
}
