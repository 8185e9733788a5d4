import Glibc
import Vocabulary

extension Zone {
    private static let folder = "/usr/share/zoneinfo"

    /// The zone of an IANA name such as `Asia/Taipei`, from the machine's tzdata; nil when there is none.
    /// Reads one file of a few KiB: well under a millisecond.
    package static func load(_ name: String) -> Zone? {
        guard isZoneName(name) else { return nil }
        // Known to every machine, also where tzdata is not installed.
        if name == "UTC" { return .utc }
        guard let bytes = try? FileText.bytes(of: "\(folder)/\(name)", bytesMax: FileText.smallBytesMax) else {
            return nil  // No such zone; why the file cannot be read tells nothing more.
        }
        return ZoneFile.zone(name: name, bytes: bytes)
    }

    /// The zone of this machine: `TZ`, else what /etc/localtime points at, else /etc/timezone, else UTC.
    package static func machine(environment: [String: String] = [:]) -> Zone {
        if let name = environment["TZ"] {
            return load(name.hasPrefix(":") ? String(name.dropFirst()) : name) ?? .utc
        }
        if let target = realPath("/etc/localtime"), target.hasPrefix(folder + "/"),
            let zone = load(String(target.dropFirst(folder.count + 1)))
        {
            return zone
        }
        // Missing or broken: then the machine has no zone but UTC.
        let bytes = (try? FileText.bytes(of: "/etc/timezone", bytesMax: FileText.smallBytesMax)) ?? []
        let line = String(decoding: bytes.prefix { $0 > 0x20 }, as: UTF8.self)
        return load(line) ?? .utc
    }

    /// Names to choose the nearest from when one is unknown; empty where tzdata is not installed.
    static func knownNames() -> [String] {
        // Only for a hint: without the list the mistake is told without one.
        guard let bytes = try? FileText.bytes(of: folder + "/tzdata.zi", bytesMax: FileText.smallBytesMax) else {
            return []
        }
        var names = ["UTC"]
        for line in String(decoding: bytes, as: UTF8.self).split(separator: "\n") {
            // `Z Asia/Taipei 8:6 …` declares a zone, `L Asia/Taipei ROC` another name for it.
            let words = line.split(separator: " ", maxSplits: 3)
            if words.count >= 2, words[0] == "Z" { names.append(String(words[1])) }
            if words.count >= 3, words[0] == "L" { names.append(String(words[2])) }
        }
        return names
    }

    /// Letters, digits, `_`, `+`, `-` in parts between slashes: no name leads out of the folder.
    private static func isZoneName(_ name: String) -> Bool {
        guard (1...64).contains(name.utf8.count) else { return false }
        return name.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false).allSatisfy { part in
            !part.isEmpty && part.allSatisfy { isLetterOrDigit($0) || "_+-".utf8.contains($0) }
        }
    }
}

/// The path without links; nil when there is nothing.
func realPath(_ path: String) -> String? {
    guard let resolved = realpath(path, nil) else { return nil }
    defer { free(resolved) }
    return String(cString: resolved)
}
