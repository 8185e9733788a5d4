import Testing
import Vocabulary

@Suite struct AddressTests {
    @Test("an address reads as its family writes it, and shows in its shortest form")
    func addresses() {
        let good = [
            "192.0.2.1": "192.0.2.1", "0.0.0.0": "0.0.0.0", "255.255.255.255": "255.255.255.255", "::": "::",
            "::1": "::1", "2001:DB8::1": "2001:db8::1", "2001:db8:0:0:1:0:0:1": "2001:db8::1:0:0:1",
            "1:0:2:3:4:5:6:7": "1:0:2:3:4:5:6:7", "fe80::": "fe80::", "1:2:3:4:5:6:7::": "1:2:3:4:5:6:7:0",
            "::ffff:192.0.2.1": "::ffff:c000:201", "64:ff9b::10.0.0.1": "64:ff9b::a00:1",
        ]
        for (text, shown) in good { #expect(IPAddress(text)?.description == shown, "\(text)") }
        let wrong = [
            "", ".", ":", ":::", "1.2.3", "1.2.3.4.5", "1.2.3.256", "01.2.3.4", "1.2.3.+4", " 1.2.3.4", "1.2.3.٤",
            "[::1]", "::1%lo", "1:2:3:4:5:6:7", "1:2:3:4:5:6:7:8:9", "1::2::3", "12345::", "1:2:3:4:5:6:7:1.2.3.4",
            "1.2.3.4::", "::+1", "g::", "1:2:3:4::5:6:7:8", ":1:2:3:4:5:6:7", "1:2:3:4:5:6:7:",
        ]
        for text in wrong { #expect(IPAddress(text) == nil, "\(text)") }
    }

    @Test("a range holds its first and its last address, and neither neighbour nor the other family")
    func contains() throws {
        let rows: [(range: String, inside: [String], outside: [String])] = [
            ("10.0.0.0/8", ["10.0.0.0", "10.255.255.255"], ["9.255.255.255", "11.0.0.0", "::10.0.0.1", "::"]),
            ("192.0.2.1", ["192.0.2.1"], ["192.0.2.0", "192.0.2.2"]), ("192.0.2.1/32", ["192.0.2.1"], ["192.0.2.3"]),
            ("0.0.0.0/0", ["0.0.0.0", "255.255.255.255"], ["::1"]), ("::/0", ["::", "ffff::"], ["1.2.3.4"]),
            ("2001:db8::/32", ["2001:db8::", "2001:db8:ffff::1"], ["2001:db7:ffff::", "2001:db9::"]),
            ("::ffff:0:0/96", ["::ffff:10.0.0.1"], ["10.0.0.1", "::fffe:0:1"]), ("::1", ["::1"], ["::", "::2"]),
        ]
        for row in rows {
            let range = try AddressRange(row.range)
            for text in row.inside { #expect(range.contains(try #require(IPAddress(text))), "\(text) in \(range)") }
            for text in row.outside { #expect(!range.contains(try #require(IPAddress(text))), "\(text) in \(range)") }
        }
    }

    @Test("what is no range is refused, and bits past the prefix are told with the range that is meant")
    func refused() throws {
        for text in ["", "/", "/8", "10.0.0.0/", "10.0.0.0/33", "::/129", "10.0.0.0/08", "10.0.0.0/+8", "10/8", "a/8"] {
            #expect(throws: AddressRange.Flaw.malformed, "\(text)") { _ = try AddressRange(text) }
        }
        for (text, meant) in [("10.1.2.3/8", "10.0.0.0/8"), ("::1/64", "::/64"), ("192.0.2.1/0", "0.0.0.0/0")] {
            let range = try AddressRange(meant)
            #expect(throws: AddressRange.Flaw.bitsPastPrefix(range), "\(text)") { _ = try AddressRange(text) }
        }
    }

    @Test("a list of ranges is read from a setting, each mistake at its own place")
    func settings() {
        func item(_ text: String, line: Int) -> Setting {
            Setting(
                place: Place(file: "f", line: line, column: 1), path: "allow[\(line)]", node: .text(SettingText(text)))
        }
        let list = Setting(
            place: Place(file: "f", line: 1, column: 1), path: "allow",
            node: .list([item("10.0.0.0/8", line: 2), item("10.0.0.1/8", line: 3), item("ten", line: 4)]))
        let map = Setting(
            place: list.place, path: "", node: .map([Setting.Entry(key: "allow", place: list.place, value: list)]))
        var mistakes = Mistakes()
        let keys = [SettingDescription("allow", "exceptions", example: "10.0.0.0/8")]
        let reader = SettingReader(map, subject: "check", keys: keys, &mistakes)
        #expect(reader.addressRanges("allow", &mistakes)?.map(\.description) == ["10.0.0.0/8"])
        #expect(
            mistakes.all.map(\.description) == [
                "f:3:1: an address range in allow must not have bits past its prefix: write 10.0.0.0/8, "
                    + "not \"10.0.0.1/8\"",
                "f:4:1: an address range in allow must be such as 10.0.0.0/8 or 2001:db8::/32, not \"ten\"",
            ])
    }
}
