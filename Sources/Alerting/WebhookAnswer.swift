/// What is kept of an answer: its status. All else is read and dropped.
struct WebhookAnswer {
    /// Headers and body that are waited for; a longer answer is broken off.
    static let bytesMax = 1 << 20

    /// Of the newest status line; 0 while there is none, or when it is none that HTTP knows. libcurl itself takes any
    /// line that begins with "HTTP/" for a 200.
    private(set) var status = 0
    private var bytes = 0

    /// For libcurl's callbacks: gives back how many bytes it may take as read; fewer than it has break off.
    static func take(
        _ bytes: UnsafeMutablePointer<CChar>?, bytes count: Int, isHeader: Bool, _ answer: UnsafeMutableRawPointer?
    ) -> Int {
        guard let answer = answer?.assumingMemoryBound(to: WebhookAnswer.self), let bytes else { return count }
        answer.pointee.bytes += count
        if isHeader { answer.pointee.takeHeader(UnsafeRawBufferPointer(start: bytes, count: count)) }
        return answer.pointee.bytes > bytesMax ? 0 : count
    }

    /// `HTTP/1.1 204 No Content`, `HTTP/2 204`.
    private mutating func takeHeader(_ line: UnsafeRawBufferPointer) {
        guard line.starts(with: "HTTP/".utf8) else { return }
        let digits = line.drop { $0 != UInt8(ascii: " ") }.dropFirst().prefix { $0 > UInt8(ascii: " ") }
        let isStatus = digits.count == 3 && digits.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
        status = isStatus ? digits.reduce(0) { $0 * 10 + Int($1 - UInt8(ascii: "0")) } : 0
    }
}
