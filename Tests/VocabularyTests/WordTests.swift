import Testing
import Vocabulary

@Suite("Causes, percentages, JSON, escaping, hints")
struct WordTests {
    @Test("every cause has a name of its own that leads back to it")
    func causes() {
        #expect(Set(Cause.allCases.map(\.name)).count == Cause.allCases.count)
        #expect(Cause.allCases.allSatisfy { Cause(name: $0.name) == $0 })
        #expect(Cause.allCases.allSatisfy { $0.name.allSatisfy { $0.isLowercase || $0.isNumber || $0 == "-" } })
        #expect(Cause.status5xx.name == "status-5xx")
        #expect(Cause.nameNotFound.name == "name-not-found")
        #expect(Cause.tlsALPN.name == "tls-alpn")
        #expect(Cause(name: "no-such-cause") == nil)
    }

    @Test("the numbers that slots store never change")
    func numbers() {
        let stored: [(Cause, UInt8)] = [
            (.ok, 0), (.late, 1), (.unstated, 15), (.nameNotFound, 16), (.refused, 24), (.timeoutResolve, 32),
            (.certificateExpired, 40), (.protocolError, 64), (.status5xx, 84), (.bodyMismatch, 96),
            (.proxyNameNotFound, 112),
        ]
        for (cause, number) in stored { #expect(cause.rawValue == number) }
        // Our own, and the region's proxy's.
        let own = Cause.allCases.filter(\.isOwnFault).map(\.rawValue)
        #expect(own.allSatisfy { (1...10).contains($0) || (112...127).contains($0) })
    }

    @Test("one down cell among many is seen wherever it stands, and nothing else is taken for it")
    func downCells() {
        let others = [Verdict.up, .degraded, .unknown].flatMap { verdict in
            [false, true].map { VerdictCell(verdict: verdict, isPartial: $0, isMixed: true) }
        }
        for count in 0...50 {
            var cells = (0..<count).map { others[$0 % others.count] }
            #expect(!cells.hasDown)
            for place in cells.indices {
                let kept = cells[place]
                cells[place] = VerdictCell(verdict: .down, isPartial: place % 2 == 0)
                #expect(cells.hasDown, "\(place) of \(count)")
                cells[place] = kept
            }
        }
    }

    @Test(
        "percentages are exact",
        arguments: [("99.9", 999_000_000), ("100", 1_000_000_000), ("0", 0), ("99.9999999", 999_999_999)])
    func percentages(text: String, billionths: Int64) {
        #expect(Percentage(text: text)?.billionths == billionths)
        #expect(Percentage(billionths: billionths).text == text)
    }

    @Test("what is no percentage is refused", arguments: ["", "101", "99.", ".9", "-1", "99.99999999", "1e2", "100.1"])
    func noPercentages(text: String) { #expect(Percentage(text: text) == nil) }

    @Test("JSON keeps the order of keys, writes nulls and escapes what could harm")
    func json() {
        let json = JSON.object([
            "b": .null, "a": .array([.int(1), .ratio(1_397, 1_400), .milliseconds(us: 12_345)]),
            "t": .string("\"\u{1b}[31m\n\u{9b}"),
        ])
        #expect(json.text == #"{"b":null,"a":[1,0.997857,12.345],"t":"\"\u001b[31m\n\u009b"}"#)
        #expect(JSON.ratio(1, 0).text == "null")
        #expect(JSON.array([]).prettyText == "[]")
    }

    @Test("text from outside cannot move a cursor, end a line or turn the reading direction")
    func escaping() {
        #expect(escaped("a\u{1b}[2Jb\nc\u{202e}d\\") == "a\\u{1b}[2Jb\\nc\\u{202e}d\\\\")
        #expect(escaped(String(repeating: "x", count: 500)).count == 401)
        #expect(escaped("探測 ok") == "探測 ok")
    }

    @Test("a word that is near is offered, a far one is not")
    func hints() {
        let known = ["timeout", "period", "regions"]
        #expect(nearest(to: "timout", among: known) == "timeout")
        #expect(nearest(to: "region", among: known) == "regions")
        #expect(nearest(to: "preiod", among: known) == "period")
        #expect(nearest(to: "xyz", among: known) == nil)
        #expect(nearest(to: "ab", among: ["cd"]) == nil)
    }

    @Test(
        "the vote: a tie is not down, unknown regions do not vote",
        arguments: [
            (Vote.any, 3, 1, 0, Verdict.down, false), (.majority, 2, 1, 0, .up, true),
            (.majority, 3, 2, 0, .down, false),
            (.all, 3, 2, 0, .up, true), (.all, 1, 1, 0, .down, false), (.atLeast(2), 3, 1, 0, .up, true),
            (.atLeast(2), 1, 1, 0, .down, false), (.majority, 0, 0, 0, .unknown, false),
            (.majority, 3, 1, 2, .degraded, true),
            (.majority, 2, 0, 1, .up, false),
        ])
    func votes(vote: Vote, known: Int, down: Int, degraded: Int, verdict: Verdict, isPartial: Bool) {
        let result = vote.decide(known: known, down: down, degraded: degraded)
        #expect(result.verdict == verdict)
        #expect(result.isPartial == isPartial)
    }
}
