import Foundation
import Testing

@testable import Probing

/// The examples of RFC 9535, section by section, and an independent implementation.
@Suite struct JSONPathTests {
    /// One document and what queries select from it, written as a JSON list.
    struct Table: Sendable, CustomTestStringConvertible {
        let name: String
        let document: String
        let rows: [(query: String, selected: String)]
        var testDescription: String { name }
    }

    static let letters = #"["a","b","c","d","e","f","g"]"#
    static let store = #"""
        {"store":{"book":[{"category":"reference","author":"Nigel Rees","title":"Sayings of the Century","price":8.95},{"category":"fiction","author":"Evelyn Waugh","title":"Sword of Honour","price":12.99},{"category":"fiction","author":"Herman Melville","title":"Moby Dick","isbn":"0-553-21311-3","price":8.99},{"category":"fiction","author":"J. R. R. Tolkien","title":"The Lord of the Rings","isbn":"0-395-19395-8","price":22.99}],"bicycle":{"color":"red","price":399}}}
        """#
    static let filtered = #"""
        {"a":[3,5,1,2,4,6,{"b":"j"},{"b":"k"},{"b":{}},{"b":"kilo"}],"o":{"p":1,"q":2,"r":3,"s":5,"t":{"u":6}},"e":"f"}
        """#

    static let tables = [
        Table(
            name: "1.5 the book store", document: store,
            rows: [
                (
                    "$.store.book[*].author",
                    #"["Nigel Rees","Evelyn Waugh","Herman Melville","J. R. R. Tolkien"]"#
                ),
                ("$..author", #"["Nigel Rees","Evelyn Waugh","Herman Melville","J. R. R. Tolkien"]"#),
                ("$.store..price", "[8.95,12.99,8.99,22.99,399]"),
                ("$..book[2].author", #"["Herman Melville"]"#), ("$..book[2].publisher", "[]"),
                ("$..book[-1].title", #"["The Lord of the Rings"]"#),
                ("$..book[0,1].price", "[8.95,12.99]"), ("$..book[:2].price", "[8.95,12.99]"),
                ("$..book[?@.isbn].price", "[8.99,22.99]"),
                ("$..book[?@.price<10].title", #"["Sayings of the Century","Moby Dick"]"#),
                ("$[?value(@..color) == \"red\"].bicycle.price", "[399]"),
                ("$..book[?search(@.author, \"[EH]\")].price", "[12.99,8.99]"),
            ]),
        Table(name: "2.2.3 the root", document: #"{"k":"v"}"#, rows: [("$", #"[{"k":"v"}]"#)]),
        Table(
            name: "2.3.1.3 names", document: #"{"o":{"j j":{"k.k":3}},"'":{"@":2}}"#,
            rows: [
                ("$.o['j j']", #"[{"k.k":3}]"#), ("$.o['j j']['k.k']", "[3]"), ("$.o[\"j j\"][\"k.k\"]", "[3]"),
                ("$[\"'\"][\"@\"]", "[2]"),
            ]),
        Table(
            name: "2.3.2.3 the wildcard", document: #"{"o":{"j":1,"k":2},"a":[5,3]}"#,
            rows: [
                ("$[*]", #"[{"j":1,"k":2},[5,3]]"#), ("$.o[*]", "[1,2]"), ("$.o[*, *]", "[1,2,1,2]"),
                ("$.a[*]", "[5,3]"), ("$.*", #"[{"j":1,"k":2},[5,3]]"#),
            ]),
        Table(
            name: "2.3.3.3 indices", document: #"["a","b"]"#,
            rows: [("$[1]", #"["b"]"#), ("$[-2]", #"["a"]"#), ("$[2]", "[]"), ("$[-3]", "[]")]),
        Table(
            name: "2.3.4.3 slices", document: letters,
            rows: [
                ("$[1:3]", #"["b","c"]"#), ("$[5:]", #"["f","g"]"#), ("$[1:5:2]", #"["b","d"]"#),
                ("$[5:1:-2]", #"["f","d"]"#), ("$[::-1]", #"["g","f","e","d","c","b","a"]"#), ("$[::0]", "[]"),
                ("$[-2:]", #"["f","g"]"#), ("$[ 1 : 5 : 3 ]", #"["b","e"]"#), ("$[:-5]", #"["a","b"]"#),
                ("$[9:]", "[]"), ("$[3:1]", "[]"), ("$[-9007199254740991:9007199254740991:3]", #"["a","d","g"]"#),
            ]),
        Table(
            name: "2.3.5.3 filters", document: filtered,
            rows: [
                ("$.a[?@.b == 'kilo']", #"[{"b":"kilo"}]"#), ("$.a[?(@.b == 'kilo')]", #"[{"b":"kilo"}]"#),
                ("$.a[?@>3.5]", "[5,4,6]"), ("$.a[?@.b]", #"[{"b":"j"},{"b":"k"},{"b":{}},{"b":"kilo"}]"#),
                (
                    "$[?@.*]",
                    #"[[3,5,1,2,4,6,{"b":"j"},{"b":"k"},{"b":{}},{"b":"kilo"}],{"p":1,"q":2,"r":3,"s":5,"t":{"u":6}}]"#
                ),
                ("$[?@[?@.b]]", #"[[3,5,1,2,4,6,{"b":"j"},{"b":"k"},{"b":{}},{"b":"kilo"}]]"#),
                ("$.o[?@<3, ?@<3]", "[1,2,1,2]"), ("$.a[?@<2 || @.b == \"k\"]", #"[1,{"b":"k"}]"#),
                ("$.a[?match(@.b, \"[jk]\")]", #"[{"b":"j"},{"b":"k"}]"#),
                ("$.a[?search(@.b, \"[jk]\")]", #"[{"b":"j"},{"b":"k"},{"b":"kilo"}]"#),
                ("$.o[?@>1 && @<4]", "[2,3]"), ("$.o[?@.u || @.x]", #"[{"u":6}]"#),
                ("$.a[?@.b == $.x]", "[3,5,1,2,4,6]"),
                ("$.a[?@ == @]", #"[3,5,1,2,4,6,{"b":"j"},{"b":"k"},{"b":{}},{"b":"kilo"}]"#),
                ("$.a[?!@.b]", "[3,5,1,2,4,6]"), ("$.a[?!(@.b || @ < 6)]", "[6]"),
            ]),
        Table(
            name: "2.4 functions", document: #"[{"a":"ab","l":[1,2]},{"a":"xaby","l":[]},{"a":"☺é","l":{"k":1}}]"#,
            rows: [
                ("$[?length(@.a) == 2].a", #"["ab","☺é"]"#), ("$[?length(@.l) == 1].a", #"["☺é"]"#),
                ("$[?length(@.none) == length(@.l[7])].a", #"["ab","xaby","☺é"]"#),
                ("$[?count(@.l.*) >= 1].a", #"["ab","☺é"]"#), ("$[?count(@.none) == 0].a", #"["ab","xaby","☺é"]"#),
                ("$[?match(@.a, 'ab')].a", #"["ab"]"#), ("$[?search(@.a, 'a.')].a", #"["ab","xaby"]"#),
                ("$[?match(@.a, '..')].a", #"["ab","☺é"]"#), ("$[?match(@.l, '.*')].a", "[]"),
                ("$[?search(@.a, $[0].a)].a", #"["ab","xaby"]"#), ("$[?match(@.a, $[0].l)].a", "[]"),
                ("$[?value(@.l.k) == 1].a", #"["☺é"]"#), ("$[?value(@.l[*]) == 1].a", #"["☺é"]"#),
                ("$[?match('\\n', '.')]", "[]"), ("$[?match('.', '[.]') && match('x', '\\\\S')].a[0]", "[]"),
            ]),
        Table(
            name: "2.5.1.3 child segments", document: letters,
            rows: [
                ("$[0, 3]", #"["a","d"]"#), ("$[0:2, 5]", #"["a","b","f"]"#), ("$[0, 0]", #"["a","a"]"#),
            ]),
        Table(
            name: "2.5.2.3 descendant segments", document: #"{"o":{"j":1,"k":2},"a":[5,3,[{"j":4},{"k":6}]]}"#,
            rows: [
                ("$..j", "[1,4]"), ("$..[0]", #"[5,{"j":4}]"#),
                (
                    "$..*",
                    #"[{"j":1,"k":2},[5,3,[{"j":4},{"k":6}]],1,2,5,3,[{"j":4},{"k":6}],{"j":4},{"k":6},4,6]"#
                ),
                ("$..o", #"[{"j":1,"k":2}]"#), ("$.o..[*, *]", "[1,2,1,2]"),
                ("$.a..[0, 1]", #"[5,3,{"j":4},{"k":6}]"#),
            ]),
        Table(
            name: "2.6 null", document: #"{"a":null,"b":[null],"c":[{}],"null":1}"#,
            rows: [
                ("$.a", "[null]"), ("$.a[0]", "[]"), ("$.a.d", "[]"), ("$.b[0]", "[null]"), ("$.b[*]", "[null]"),
                ("$.b[?@]", "[null]"), ("$.b[?@==null]", "[null]"), ("$.c[?@.d==null]", "[]"), ("$.null", "[1]"),
            ]),
        Table(
            name: "2.7 paths with escapes", document: #"{"\u000b":1,"a":{"b":[1,2,3]},"'":4,"\ud83d\ude00":5,"/":6}"#,
            rows: [
                ("$[\"\\u000B\"]", "[1]"), ("$[\"\\u0061\"]['b'][1:2]", "[2]"), ("$['\\'']", "[4]"),
                ("$['\\uD83D\\uDE00']", "[5]"), ("$.😀", "[5]"), ("$['\\/']", "[6]"), ("$ .a\n[ 'b' ] [ 0 ]", "[1]"),
            ]),
        Table(
            name: "numbers are compared by value, to the last digit",
            document:
                "[1, 1.0, 10e-1, 9007199254740993, 9007199254740992, 123456789012345678901234567890, 1e400, -0, 0.1]",
            rows: [
                ("$[?@ == 1]", "[1,1.0,10e-1]"), ("$[?@ == 9007199254740993]", "[9007199254740993]"),
                ("$[?@ > 9007199254740993]", "[123456789012345678901234567890,1e400]"),
                ("$[?@ > 123456789012345678901234567889.9 && @ < 1e399]", "[123456789012345678901234567890]"),
                ("$[?@ == 0]", "[-0]"), ("$[?@ == 0.10]", "[0.1]"), ("$[?@ < 0.1]", "[-0]"),
            ]),
        Table(
            name: "of members with one name the last is taken", document: #"{"a":1,"a":2}"#,
            rows: [("$.a", "[2]"), ("$.*", "[1,2]")]),
    ]

    @Test("queries select what the RFC's examples say, in that order", arguments: tables)
    func examples(table: Table) throws {
        for (query, selected) in table.rows {
            #expect(try select(query, table.document) == selected, "\(query)")
        }
    }

    @Test("comparisons hold as the RFC's table 11 says")
    func comparisons() throws {
        let document = #"{"obj":{"x":"y"},"arr":[2,3]}"#
        let rows: [(String, Bool)] = [
            ("$.absent1 == $.absent2", true), ("$.absent1 <= $.absent2", true), ("$.absent == 'g'", false),
            ("$.absent1 != $.absent2", false), ("$.absent != 'g'", true), ("1 <= 2", true), ("1 > 2", false),
            ("13 == '13'", false), ("'a' <= 'b'", true), ("'a' > 'b'", false), ("$.obj == $.arr", false),
            ("$.obj != $.arr", true), ("$.obj == $.obj", true), ("$.obj != $.obj", false), ("$.arr == $.arr", true),
            ("$.arr != $.arr", false), ("$.obj == 17", false), ("$.obj != 17", true), ("$.obj <= $.arr", false),
            ("$.obj < $.arr", false), ("$.obj <= $.obj", true), ("$.arr <= $.arr", true), ("1 <= $.arr", false),
            ("1 >= $.arr", false), ("1 > $.arr", false), ("1 < $.arr", false), ("true <= true", true),
            ("true > true", false),
        ]
        for (condition, holds) in rows {
            #expect(try (select("$[?\(condition)]", document) != "[]") == holds, "\(condition)")
        }
    }

    @Test("a text that is no query, or not well-typed, is refused at its character")
    func flaws() {
        let rows: [(query: String, flaw: String)] = [
            ("", "a path begins with \"$\" at 1"), ("a", "a path begins with \"$\" at 1"),
            ("$.", "a name, \"*\" or \"[\" must follow the dot at 3"), (" $", "a path begins with \"$\" at 1"),
            ("$.a ", "\" \" cannot stand here at 4"), ("$a", "\"a\" cannot stand here at 2"),
            ("$.1", "a name, \"*\" or \"[\" must follow the dot at 3"),
            (
                "$[",
                "a selector must stand here: a name in quotation marks, an index, "
                    + "* at 3"
            ),
            ("$[0", "\"]\" is missing at 4"), ("$[01]", "\"01\" is no index at 3"),
            ("$[-0]", "\"-0\" is no index at 3"),
            ("$[9007199254740992]", "\"9007199254740992\" is no index at 3"),
            ("$['a]", "the quotation mark is not closed at 3"), ("$['\\x']", "\"\\x\" is no escape at 4"),
            ("$['\\\"']", "\"\\\"\" is no escape at 4"), ("$['\\uD800']", "half a surrogate pair is no character at 4"),
            ("$[?@.a == ]", "\"]\" cannot stand here at 11"),
            ("$[?1]", "a value alone is no condition; compare it at 4"),
            ("$[?(@.a]", "\")\" is missing at 8"), ("$[?@.a = 1]", "\"]\" is missing at 8"),
            ("$[?length(@.*) < 3]", "a path that may select several values cannot be compared or measured at 11"),
            ("$[?@..a == 1]", "a path that may select several values cannot be compared or measured at 4"),
            ("$[?count(1) == 1]", "count takes a path at 10"),
            ("$[?count(foo(@.*)) == 1]", "there is no function \"foo\" at 10"),
            ("$[?lenght(@.a) == 1]", "there is no function \"lenght\"; did you mean \"length\"? at 4"),
            (
                "$[?match(@.timezone, 'Europe/.*') == true]",
                "what this function gives is a condition and cannot be compared at 4"
            ),
            ("$[?value(@..color)]", "what this function gives must be compared at 4"),
            ("$[?length(@.a)]", "what this function gives must be compared at 4"),
            ("$[?match(@.a)]", "match takes two arguments, not 1 at 4"),
            ("$[?search(@.a, '[')]", "the regular expression does not compile: missing ]: [ at 16"),
            ("$[?@.a == 1 && ]", "\"]\" cannot stand here at 16"), ("$[?!@.a == 1]", "\"]\" is missing at 9"),
            ("$[?@.a == 01]", "a number must not begin with 0 at 11"),
            ("$[?True]", "\"T\" cannot stand here at 4"),
        ]
        for (query, flaw) in rows {
            do {
                _ = try JSONPath(query)
                Issue.record("\(query) was taken")
            } catch {
                #expect("\(error.text) at \(error.character)" == flaw, "\(query)")
            }
        }
    }

    @Test("the bounds of a query hold, and one past each is refused")
    func bounds() throws {
        func isTaken(_ query: String) -> Bool { (try? JSONPath(query)) != nil }
        func twice(_ name: String, _ max: Int, _ query: (Int) -> String) {
            #expect(isTaken(query(max)), "\(name)")
            #expect(!isTaken(query(max + 1)), "\(name)")
        }
        twice("characters", JSONPath.lengthMax) { "$." + String(repeating: "a", count: $0 - 2) }
        twice("segments", JSONPath.segmentsMax) { "$" + String(repeating: ".a", count: $0) }
        twice("selectors", JSONPath.selectorsMax) {
            "$[" + Array(repeating: "0", count: $0).joined(separator: ",") + "]"
        }
        // A filter and the path in it are a level each.
        twice("nesting", JSONPath.nestingMax - 2) {
            "$[?" + String(repeating: "(", count: $0) + "@" + String(repeating: ")", count: $0) + "]"
        }
    }

    @Test("600 random queries select what an independent implementation selects")
    func recorded() throws {
        let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .appendingPathComponent("Recorded/jsonpath.tsv")
        let lines = try String(contentsOf: file, encoding: .utf8).split(separator: "\n")
        #expect(lines.count == 600)
        for line in lines {
            let fields = line.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
            #expect(try select(fields[0], fields[1]) == fields[2], "\(fields[0]) over \(fields[1])")
        }
    }

    /// What the query selects, as a JSON list of the values as they stand in the document.
    private func select(_ query: String, _ document: String) throws -> String {
        let path = try JSONPath(query)
        let bytes = Array(document.utf8)
        return try bytes.withUnsafeBufferPointer { bytes in
            let search = JSONSearch(try JSONText(bytes))
            var selected: [String] = []
            _ = try search.forEach(path) { (node) throws(JSONFlaw) in
                selected.append(try search.shown(node, bytesMax: .max - node))
                return true
            }
            return "[" + selected.joined(separator: ",") + "]"
        }
    }
}
