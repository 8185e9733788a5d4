import Glibc
import Vocabulary

/// The names in /etc/hosts, read anew when the file has changed. Belongs to one reactor.
final class HostsFile {
    /// A longer file is not read.
    static let bytesMax = 1 << 20

    private let path: String
    private var addresses: [String: [IPAddress]] = [:]
    /// Number, size and time of change of the file that was read.
    private var version: (inode: UInt, bytes: Int, seconds: Int, nanoseconds: Int)?

    init(path: String) { self.path = path }

    /// In the order of the file; nil when the name does not stand there.
    func addresses(of name: String) -> [IPAddress]? {
        var facts = stat()
        guard stat(path, &facts) == 0 else { return nil }
        let now = (UInt(facts.st_ino), Int(facts.st_size), facts.st_mtim.tv_sec, facts.st_mtim.tv_nsec)
        if version.map({ $0 != now }) ?? true {
            version = now
            let bytes = try? FileBytes.read(path, limit: HostsFile.bytesMax)
            // A file that cannot be read names nobody: the name servers are asked.
            addresses = HostsFile.parse(String(decoding: bytes ?? [], as: UTF8.self))
        }
        guard !addresses.isEmpty else { return nil }
        let bare = name.hasSuffix(".") ? String(name.dropLast()) : name
        return addresses[bare.lowercased()]
    }

    /// Source: hosts(5).
    static func parse(_ text: String) -> [String: [IPAddress]] {
        var addresses: [String: [IPAddress]] = [:]
        for line in text.split(whereSeparator: \.isNewline) {
            let words = line.prefix { $0 != "#" }.split { $0 == " " || $0 == "\t" }
            guard let first = words.first, let address = IPAddress(first) else { continue }
            for name in words.dropFirst() { addresses[name.lowercased(), default: []].append(address) }
        }
        return addresses
    }
}
