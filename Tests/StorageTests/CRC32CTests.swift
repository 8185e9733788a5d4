import Testing

@testable import Storage

@Suite("CRC32C")
struct CRC32CTests {
    @Test(
        "the check values of RFC 3720 come out",
        arguments: [
            ("32 zeros", [UInt8](repeating: 0, count: 32), 0x8a91_36aa as UInt32),
            ("32 ones", [UInt8](repeating: 0xff, count: 32), 0x62a8_ab43),
            ("0 to 31", Array(0..<32), 0x46dd_794e),
            ("31 to 0", Array((0..<32).reversed()), 0x113f_db5c),
            ("123456789", Array("123456789".utf8), 0xe306_9283),
            ("nothing", [], 0),
        ])
    func checkValues(name: String, bytes: [UInt8], checksum: UInt32) {
        #expect(bytes.withUnsafeBytes { CRC32C.checksum($0) } == checksum, "\(name)")
    }
}
