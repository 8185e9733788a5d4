/// Bodies as zlib and brotli encode them: `pong pong pong pong pong\n`, and worse.
enum CodedBody {
    static let gzip: [UInt8] = [
        31, 139, 8, 0, 0, 0, 0, 0, 2, 3, 43, 200, 207, 75, 87, 40, 192, 36, 184, 0, 187, 102, 137, 159, 25, 0, 0, 0,
    ]
    static let deflate: [UInt8] = [
        120, 156, 43, 200, 207, 75, 87, 40, 192, 36, 184, 0, 122, 31, 9, 15,
    ]
    static let brotli: [UInt8] = [
        27, 24, 0, 248, 141, 84, 181, 191, 116, 123, 131, 75, 5, 144, 179, 82, 100, 157, 40, 96, 231, 0,
    ]

    /// A good start, then a block of a kind that there is not.
    static let brokenGzip: [UInt8] = Array(gzip.prefix(10)) + [0x07, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff]

    /// Gzip of that many MiB of zeros, about a thousandth as long.
    static func bomb(mebibytes: Int) -> [UInt8] {
        // One MiB, ended with a full flush, so that the same block can come again.
        let head: [UInt8] = [236, 193, 49, 1, 0, 0, 0, 194, 160, 245, 79, 109, 8, 95, 160]
        let block = head + [UInt8](repeating: 0, count: 1016) + [62, 3, 0, 0, 255, 255]
        return [31, 139, 8, 0, 0, 0, 0, 0, 2, 3] + (0..<mebibytes).flatMap { _ in block }
    }
}
