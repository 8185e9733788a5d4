import Support
import Testing
import Vocabulary

@testable import Storage

@Suite("Samples as text")
struct SampleTextTests {
    private func rows(_ text: String, _ format: SampleFormat = .csv) throws -> [SampleRow] {
        let folder = try TemporaryFolder()
        let reader = try SampleReader(path: try folder.file("rows", text), format: format)
        var rows: [SampleRow] = []
        while let row = try reader.next() { rows.append(row) }
        return rows
    }

    private func mistake(_ text: String, _ format: SampleFormat = .csv) -> String {
        do {
            return "no mistake: \(try rows(text, format))"
        } catch let error as SampleTextError {
            return "\(error.line): \(error.message)"
        } catch {
            return "\(error)"
        }
    }

    private let at = Instant(seconds: 1_795_342_520)

    @Test("four columns are enough: a good sample is ok, another cause is unstated, a total alone is waiting")
    func minimal() throws {
        let text = """
            time,check,region,verdict
            2026-11-22T10:15:20Z,shop,local,up
            2026-11-22T10:16:20.250Z,shop,local,down
            2026-11-22T18:17:20+08:00,api,tw,unknown
            """
        #expect(
            try rows(text) == [
                SampleRow(time: at, check: "shop", region: "local", verdict: .up, cause: .ok),
                SampleRow(time: at + 60_250_000_000, check: "shop", region: "local", verdict: .down, cause: .unstated),
                SampleRow(time: at + 120_000_000_000, check: "api", region: "tw", verdict: .unknown, cause: .unstated),
            ])
        let total = try #require(
            try rows("time,check,region,verdict,cause,status,total_ms\n2026-11-22T10:15:20Z,s,l,up,,200,12.3456").first)
        #expect(total.totalUs == 12_346 && total.status == 200 && total.cause == .ok)
        #expect(total.slot(in: SlotGrid(periodNs: Duration.minuteNs)).slot.restLeg == .wait)
    }

    @Test("columns may stand in any order, quoted, with CR LF, a byte order mark, blank lines and no last line end")
    func shapes() throws {
        let text =
            "\u{feff}\"verdict\",region,time,check,wait_ms\r\n\r\n"
            + "down,\"a \"\"b\"\", c\",2026-11-22T10:15:20Z,\"shop\",1\r\n"
            + "up,,2026-11-22T10:15:20Z,shop,"
        let folder = try TemporaryFolder()
        let reader = try SampleReader(path: try folder.file("rows.csv", text))
        #expect(
            try reader.next()
                == SampleRow(
                    time: at, check: "shop", region: "a \"b\", c", verdict: .down, cause: .unstated, totalUs: 1000,
                    legs: Legs(waitUs: 1000)))
        let error = #expect(throws: SampleTextError.self) { _ = try reader.next() }
        #expect(error?.description == "\(folder.path)/rows.csv:4: region is missing")
        #expect(try reader.next() == nil)
    }

    @Test("JSON lines take the same keys, with escapes, nulls and spaces")
    func jsonLines() throws {
        let text = #"""
            {"time":"2026-11-22T10:15:20.000Z","check":"sh\u006fp","region":"\ud83c\uddf9 \"x\"\\\/","verdict":"down"}
             { "verdict" : "up" , "total_ms" : 5.5 , "time":"2026-11-22T10:15:20Z","check":"a","region":"b", \#
            "status":null, "marks":"late mixed", "rest_leg":"connect" }
            """#
        #expect(
            try rows(text, .jsonl) == [
                SampleRow(time: at, check: "shop", region: "\u{1f1f9} \"x\"\\/", verdict: .down, cause: .unstated),
                SampleRow(
                    time: at, check: "a", region: "b", verdict: .up, cause: .ok, totalUs: 5500, marks: [.late, .mixed],
                    restLeg: .connect),
            ])
    }

    @Test(
        "a mistake names its line and says what is wrong",
        arguments: [
            ("", "1: no header; the first line is \(SampleFormat.csv.header ?? "")"),
            ("time,check,region\n", "1: column verdict is missing"),
            ("time,check,region,verdict,time\n", "1: column time stands twice"),
            (
                "time,check,region,verdict,colour\n",
                "1: column \"colour\" is none of time, check, region, verdict, cause, status, total_ms, resolve_ms, "
                    + "connect_ms, handshake_ms, wait_ms, transfer_ms, marks, rest_leg"
            ),
            ("T\n2026-11-22T10:15:20Z,shop,local", "2: 3 fields, and the header has 14"),
            (
                row("2026-11-22T10:15,shop,local,up"),
                "2: time \"2026-11-22T10:15\" is not an instant such as 2026-11-22T10:15:00Z"
            ),
            (
                row("2026-02-30T10:15:20Z,shop,local,up"),
                "2: time \"2026-02-30T10:15:20Z\" is not an instant such as 2026-11-22T10:15:00Z"
            ),
            (row(",shop,local,up"), "2: time is missing"),
            (row("2026-11-22T10:15:20Z,,local,up"), "2: check is missing"),
            (row("2026-11-22T10:15:20Z,shop,local,upp"), "2: verdict \"upp\" is none of up, degraded, down, unknown"),
            (row("2026-11-22T10:15:20Z,shop,local,up,okay"), "2: there is no cause \"okay\""),
            (row("2026-11-22T10:15:20Z,shop,local,up,ok,2000"), "2: status \"2000\" is not a number from 0 to 1023"),
            (
                row("2026-11-22T10:15:20Z,shop,local,up,ok,,-1"),
                "2: total_ms \"-1\" is not a number of milliseconds up to 268435.455"
            ),
            (
                row("2026-11-22T10:15:20Z,shop,local,up,ok,,268435.456"),
                "2: total_ms \"268435.456\" is not a number of milliseconds up to 268435.455"
            ),
            (
                row("2026-11-22T10:15:20Z,shop,local,up,ok,,1,1.2.3"),
                "2: resolve_ms \"1.2.3\" is not a number of milliseconds up to 268435.455"
            ),
            (
                row("2026-11-22T10:15:20Z,shop,local,up,ok,,1,,,,,,early"),
                "2: marks \"early\" are not of mixed, reprobe, late, generated"
            ),
            (
                row("2026-11-22T10:15:20Z,shop,local,up,ok,,1,,,,,,,dns"),
                "2: rest_leg \"dns\" is none of resolve, connect, handshake, wait, transfer"
            ),
            (row("2026-11-22T10:15:20Z,\"shop,local,up"), "2: a quote is not closed on its line"),
            (row("2026-11-22T10:15:20Z,\"shop\"x,local,up"), "2: text behind a closing quote"),
            (row(String(repeating: "x", count: 70_000)), "2: longer than 65536 bytes; no row is"),
        ])
    func csvMistakes(text: String, message: String) {
        #expect(
            mistake(text.replacing("T\n", with: (SampleFormat.csv.header ?? "") + "\n", maxReplacements: 1)) == message)
    }

    private static func row(_ start: String) -> String {
        "T\n" + start + String(repeating: ",", count: max(0, 13 - start.count { $0 == "," }))
    }

    @Test(
        "a line that is no object of these keys is refused in words",
        arguments: [
            ("hello", "1: not a JSON object: { is missing"), ("{\"time\" 3}", "1: not a JSON object: : is missing"),
            ("{\"time\":\"2026", "1: a text is not closed on its line"), ("{}", "1: time is missing"),
            ("{\"colour\":1}", "1: unknown key \"colour\""),
            ("{\"check\":[1]}", "1: check is neither a text, a number nor null"),
            ("{\"check\":true}", "1: check is neither a text, a number nor null"),
            ("{\"check\":\"a\",\"check\":\"b\"}", "1: check stands twice"),
            ("{\"check\":\"\\x\"}", "1: an escape that JSON does not have"),
            ("{\"check\":\"a\"", "1: not a JSON object: } is missing"),
            ("{} {}", "1: text behind the object"),
        ])
    func jsonMistakes(text: String, message: String) {
        #expect(mistake(text, .jsonl) == message)
    }

    @Test("a file that is not there is named")
    func noFile() {
        let error = #expect(throws: SampleTextError.self) { _ = try SampleReader(path: "/nowhere/rows.csv") }
        #expect(error?.description == "/nowhere/rows.csv: cannot read it: No such file or directory")
    }

    @Test("lines longer and shorter than the reader's buffer all arrive", arguments: [1, 10_000])
    func manyLines(count: Int) throws {
        let padding = String(repeating: " ", count: 60_000)
        let line = "{\"time\":\"2026-11-22T10:15:20Z\",\"check\":\"shop\",\"region\":\"local\",\"verdict\":\"up\"}"
        let text = line + padding + "\n" + String(repeating: line + "\n", count: count) + padding + line
        #expect(try rows(text, .jsonl).count == count + 2)
    }

    @Test("what is exported and imported again is the same slot, bit for bit", arguments: SampleFormat.allCases)
    func exactInverse(format: SampleFormat) throws {
        let seed = UInt64.random(in: 0...UInt64.max)
        var random = SeededRandom(seed: seed)
        let folder = try TemporaryFolder()
        for periodNs in [1_000_000_007, 45 * Duration.secondNs, Duration.minuteNs, Duration.hourNs, Duration.dayNs] {
            let grid = SlotGrid(periodNs: periodNs)
            let first = grid.slot(at: at)
            var slots: [Slot] = []
            var text = Array((format.header.map { $0 + "\n" } ?? "").utf8)
            for number in 0..<400 {
                let offsetNs = Int64(random.next() >> 1) % periodNs
                let slot = Slot(
                    verdict: Verdict.allCases[Int(random.next() % 4)],
                    cause: Cause.allCases[Int(random.next() % UInt64(Cause.allCases.count))],
                    status: UInt16(random.next() % 1024), marks: Slot.Marks(rawValue: UInt8(random.next() % 16)),
                    startUnits: grid.startUnits(of: grid.start(of: first) + offsetNs, in: first),
                    totalUs: UInt32(random.next() % (1 << 28)) >> UInt32(random.next() % 28),
                    legs: SlotLegs(
                        rest: Leg.allCases[Int(random.next() % 5)],
                        bytes: UInt32(truncatingIfNeeded: random.next()) & 0xf0f0_f0f0))
                slots.append(slot)
                let row = SampleRow(slot, number: first + Int64(number), grid: grid, check: "shop", region: "a,\"b\"")
                format.write(row, to: &text)
            }
            let file = try folder.file("rows", String(decoding: text, as: UTF8.self))
            let reader = try SampleReader(path: file, format: format)
            var numbers: [Int64] = []
            var back: [Slot] = []
            while let row = try reader.next() {
                let (number, slot) = row.slot(in: grid)
                #expect(row.check == "shop" && row.region == "a,\"b\"")
                numbers.append(number)
                back.append(slot)
            }
            #expect(numbers == (0..<400).map { first + $0 }, "seed \(seed), period \(periodNs)")
            #expect(back == slots, "seed \(seed), period \(periodNs)")
        }
    }

    @Test("an instant is written as the vocabulary writes it")
    func instants() {
        let seed = UInt64.random(in: 0...UInt64.max)
        var random = SeededRandom(seed: seed)
        for round in 0..<2000 {
            let unit: Int64 = [1, 1000, 1_000_000, 1_000_000_000][round % 4]
            let instant = Instant(nanoseconds: Int64(random.next() >> 2) / unit * unit)
            var bytes: [UInt8] = []
            bytes.append(instant)
            #expect(String(decoding: bytes, as: UTF8.self) == instant.rfc3339Exact, "seed \(seed)")
        }
    }
}
