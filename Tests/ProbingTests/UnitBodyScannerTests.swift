import Support
import Testing
import Vocabulary

@testable import Probing

@Suite struct UnitBodyScannerTests {
    @Test("however a body is cut into pieces, its answers are those of the whole")
    func pieces() throws {
        let seed = UInt64.random(in: 0 ... .max)
        var random = SeededRandom(seed: seed)
        let scanner = BodyScanner()
        for _ in 0..<500 {
            let body = text(Int.random(in: 0...60, using: &random), &random)
            var rules = BodyRules()
            rules.contains = (0..<2).map { _ in wanted(&random) }
            rules.notContains = (0..<2).map { _ in wanted(&random) }
            if Bool.random(using: &random) { rules.matches = [try Pattern(SettingText("ab+c"))] }
            scanner.begin(rules)
            var rest = body[...]
            while !rest.isEmpty {
                let count = Int.random(in: 1...rest.count, using: &random)
                let piece = rest.prefix(count).map { CChar(bitPattern: $0) }
                #expect(scanner.add(piece, piece.count))
                rest = rest.dropFirst(count)
            }
            var outcome = Outcome()
            scanner.end(&outcome)
            let whole = String(decoding: body, as: UTF8.self)
            let expected =
                rules.contains.map { whole.contains($0.shown) } + rules.notContains.map { !whole.contains($0.shown) }
                + rules.matches.map { _ in whole.contains(/ab+c/) }
            #expect(scanner.answers.map(\.isMet) == expected, "seed \(seed), body \(whole)")
            #expect((outcome.unmet == nil) == expected.allSatisfy { $0 }, "seed \(seed), body \(whole)")
            #expect(scanner.count == Int64(body.count))
            scanner.clear()
        }
    }

    @Test("enough is seen when all texts came by, and never when the end has a say")
    func enough() throws {
        let scanner = BodyScanner()
        var rules = BodyRules()
        rules.contains = [BodyText(bytes: Array("pong".utf8), shown: "pong")]
        var seen: [Bool] = []
        for extra in 0..<3 {
            var asked = rules
            if extra == 1 { asked.notContains = [BodyText(bytes: Array("error".utf8), shown: "error")] }
            if extra == 2 { asked.matches = [try Pattern(SettingText("^p"))] }
            scanner.begin(asked)
            _ = scanner.add("po", 2)
            seen.append(scanner.hasSeenEnough)
            _ = scanner.add("ng", 2)
            seen.append(scanner.hasSeenEnough)
        }
        #expect(seen == [false, true, false, false, false, false])
    }

    @Test("the first 2 KiB are kept as evidence, and not a byte more")
    func evidence() {
        let scanner = BodyScanner()
        scanner.begin(nil)
        #expect(scanner.evidenceText == nil)
        let piece = [CChar](repeating: 0x78, count: 1500)
        _ = scanner.add(piece, piece.count)
        #expect(scanner.evidenceText?.utf8.count == 1500)
        _ = scanner.add(piece, piece.count)
        #expect(scanner.evidenceText?.utf8.count == BodyScanner.evidenceMax)
    }

    private func text(_ count: Int, _ random: inout SeededRandom) -> [UInt8] {
        (0..<count).map { _ in UInt8.random(in: 0x61...0x63, using: &random) }
    }

    private func wanted(_ random: inout SeededRandom) -> BodyText {
        let bytes = text(Int.random(in: 1...4, using: &random), &random)
        return BodyText(bytes: bytes, shown: String(decoding: bytes, as: UTF8.self))
    }
}
