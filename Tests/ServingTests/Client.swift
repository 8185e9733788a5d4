import Foundation

/// What a server answered, as bytes came: a client of our own, so that nothing is followed, kept or corrected.
struct RawAnswer: Equatable, Sendable {
    let statusLine: String
    /// By lower-case name.
    let headers: [String: String]
    let body: String

    /// Sends `request` as it stands on a fresh connection, and reads until the server closes.
    init(to request: String, port: Int) throws {
        let connection = try Connection(port: port)
        connection.send(request)
        let text = connection.readToEnd()
        let parts = text.components(separatedBy: "\r\n\r\n")
        var lines = parts[0].components(separatedBy: "\r\n")
        statusLine = lines.removeFirst()
        var headers: [String: String] = [:]
        for line in lines {
            guard let colon = line.firstIndex(of: ":") else { continue }
            headers[line[..<colon].lowercased()] = line[colon...].dropFirst().trimmingCharacters(in: .whitespaces)
        }
        self.headers = headers
        body = parts.dropFirst().joined(separator: "\r\n\r\n")
    }
}

/// A connection to the server, closed with its owner.
final class Connection: Sendable {
    private let descriptor: Int32

    init(port: Int) throws {
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(port).bigEndian
        address.sin_addr.s_addr = inet_addr("127.0.0.1")
        let connected = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard connected == 0 else { throw POSIXError(.init(rawValue: errno) ?? .EIO) }
    }

    deinit { close(descriptor) }

    func send(_ text: String) {
        var rest = Array(text.utf8)[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
            // A server that refuses early closes while we send.
            guard count > 0 else { break }
            rest = rest.dropFirst(count)
        }
    }

    /// Reads until `text` has come, or the end.
    func read(until text: String) {
        var seen = ""
        var byte: UInt8 = 0
        while !seen.hasSuffix(text), Glibc.read(descriptor, &byte, 1) == 1 { seen.unicodeScalars.append(.init(byte)) }
    }

    func readToEnd() -> String {
        let bytes = FileHandle(fileDescriptor: descriptor, closeOnDealloc: false).readDataToEndOfFile()
        return String(decoding: bytes, as: UTF8.self)
    }
}
