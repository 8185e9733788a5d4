import Support
import Testing

@testable import Probing

/// The document reader, and what a hostile document can cost.
@Suite struct JSONTextTests {
    /// nil when the text is taken.
    private func flaw(_ bytes: [UInt8], stepsMax: Int = JSONText.stepsMax) -> JSONFlaw? {
        bytes.withUnsafeBufferPointer { bytes in
            do throws(JSONFlaw) {
                _ = try JSONText(bytes, stepsMax: stepsMax)
                return nil
            } catch { return error }
        }
    }

    @Test("what is JSON is taken, and what is not is told with its byte")
    func documents() {
        let good = [
            "null", " true ", "false", "0", "-0", "1.5e+10", "\"\"", "[]", "{}", "[1,2]", "{\"a\":{\"b\":[]}}",
            "\u{feff}[1]", "\"\\u00e9\\\"\\\\\\/\\b\\f\\n\\r\\t\"", "\"\\ud800\"", "[[],{}]", "\"☺\"",
            "\t[\r\n1 , 2 ]\n",
        ]
        for text in good { #expect(flaw(Array(text.utf8)) == nil, "\(text)") }
        let bad: [(String, String)] = [
            ("", "nothing at byte 1"), ("  ", "the end where a value should be at byte 3"),
            ("<html>", "something that is no value at byte 1"), ("[1,]", "something that is no value at byte 4"),
            ("[,1]", "something that is no value at byte 2"),
            ("[1 2]", "something else where a comma or the end should be at byte 4"),
            ("{\"a\"}", "something else where a colon should be at byte 5"),
            ("{a:1}", "something else where a key should be at byte 2"),
            ("{\"a\":1,}", "something else where a key should be at byte 8"),
            ("{,}", "something else where a key should be at byte 2"),
            ("[1", "something else where a comma or the end should be at byte 3"),
            ("[1}", "something else where a comma or the end should be at byte 3"),
            ("1 2", "more text after the value at byte 3"), ("01", "a number with a zero in front at byte 3"),
            ("1.", "a number without digits after its point at byte 3"),
            ("1e", "a number without digits in its exponent at byte 3"), ("-", "something that is no value at byte 1"),
            ("tru", "a word that is none at byte 1"), ("\"a", "the end inside a text at byte 3"),
            ("\"\\x\"", "an escape that is none at byte 2"), ("\"\\u12g4\"", "an escape that is none at byte 2"),
            ("\"\n\"", "a control character in a text at byte 2"), ("\"\\", "the end inside a text at byte 2"),
        ]
        for (text, why) in bad { #expect(flaw(Array(text.utf8))?.text == "not JSON: \(why)", "\(text)") }
        for bytes: [UInt8] in [[0x80], [0xc0, 0x80], [0xed, 0xa0, 0x80], [0xf5, 0x80, 0x80, 0x80], [0xe2, 0x98]] {
            #expect(flaw([0x22] + bytes + [0x22])?.text == "not JSON: bytes that are not UTF-8 at byte 2")
        }
    }

    @Test("nesting and steps have a bound, and one past each is refused")
    func bounds() {
        func nested(_ depth: Int) -> [UInt8] {
            Array(repeating: UInt8(ascii: "["), count: depth) + Array(repeating: UInt8(ascii: "]"), count: depth)
        }
        #expect(flaw(nested(JSONText.depthMax)) == nil)
        #expect(flaw(nested(JSONText.depthMax + 1)) == .tooDeep)
        #expect(flaw(Array("[1]".utf8), stepsMax: 3) == nil)
        #expect(flaw(Array("[1]".utf8), stepsMax: 2) == .tooMuchWork)
    }

    @Test("10 MiB of opened lists, endless queries over small and large documents: all end at once or at the bound")
    func hostile() throws {
        #expect(flaw([UInt8](repeating: UInt8(ascii: "["), count: 10 << 20)) == .tooDeep)
        let deep = String(repeating: "[", count: 512) + String(repeating: "]", count: 512)
        let wide = "[" + String(repeating: "[1,2,3,4],", count: 50_000) + "0]"
        let rows = [
            (deep, "$..*..*..*..*"), (wide, "$..*..*..*"), (wide, "$[?$..*]"), (wide, "$[?$[?@ == $]]"),
            (wide, "$[::-1]"), (wide, "$[?count($..*) > 1]"),
        ]
        for (document, query) in rows {
            let path = try JSONPath(query)
            let bytes = Array(document.utf8)
            bytes.withUnsafeBufferPointer { bytes in
                // A small bound shows the same as the large one, sooner.
                do throws(JSONFlaw) {
                    let text = try JSONText(bytes, stepsMax: 4 << 20)
                    _ = try JSONSearch(text).forEach(path) { (_) throws(JSONFlaw) in true }
                } catch { #expect(error == .tooMuchWork, "\(query)") }
            }
        }
    }

    @Test("whatever bytes come, as a document or as a query, nothing traps")
    func random() {
        let seed = UInt64.random(in: 0 ... .max)
        var random = SeededRandom(seed: seed)
        let pieces = [
            "$", "..", ".a", "[", "]", "?", "@", "*", "'a'", "\"b\"", "1", "-1", ":", ",", "==", "<", "&&", "||", "!",
            "(", ")", "length", "count", "match", "value", "{", "}", "null", "true", "1e5", "\\u00e9", "\\", "\"", " ",
            "☺", "\u{0}",
        ]
        for _ in 0..<5_000 {
            func text(_ most: Int) -> [UInt8] {
                var text = (0..<Int.random(in: 0...most, using: &random)).flatMap { _ in
                    Array((pieces.randomElement(using: &random) ?? "").utf8)
                }
                if !text.isEmpty, Int.random(in: 0..<4, using: &random) == 0 {
                    text[Int.random(in: 0..<text.count, using: &random)] = UInt8.random(in: 0...255, using: &random)
                }
                return text
            }
            JSONFuzz.run(text(12) + [0] + text(20))
            JSONFuzz.run(Array("$[?@.a==1]..b[1::-1]".utf8) + [0] + text(20))
            JSONFuzz.run(text(12) + [0] + Array(#"{"a":[1,{"b":"c\u00e9"}],"d":null}"#.utf8))
        }
    }
}
