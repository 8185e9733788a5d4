import CNet
import Vocabulary

@testable import Probing

/// Something that reads a target's bytes, or the store's files; none may bring it down. A new one is a line in `all`, and its name in
/// benchmarks/fuzz.sh.
struct FuzzReader: Sendable {
    let name: String
    let read: @Sendable ([UInt8]) -> Void

    static var all: [FuzzReader] {
        [
            FuzzReader(name: "dialogue", read: dialogue),
            FuzzReader(name: "starttls", read: startTLS),
            FuzzReader(name: "header", read: header),
            FuzzReader(name: "certificate", read: certificate),
            FuzzReader(name: "pem", read: pem),
            FuzzReader(name: "json", read: JSONFuzz.run),
            FuzzReader(name: "ring-header", read: StoreFuzz.ringHeader),
            FuzzReader(name: "journal", read: StoreFuzz.journal),
            FuzzReader(name: "ring", read: StoreFuzz.ring),
        ]
    }

    /// The bytes in pieces: the first byte says how long, so that every split is tried.
    private static func pieces(_ bytes: [UInt8]) -> [ArraySlice<UInt8>] {
        guard let first = bytes.first else { return [] }
        let size = Int(first % 32) + 1
        return stride(from: 1, to: bytes.count, by: size).map { bytes[$0..<min(bytes.count, $0 + size)] }
    }

    /// What `tcp` hears: a buffer that fills, is searched, and forgets what is used.
    private static func dialogue(_ bytes: [UInt8]) {
        var buffer = ReplyBuffer()
        for piece in pieces(bytes) {
            guard let room = buffer.room(), !room.isEmpty else { return }
            let taken = min(room.count, piece.count)
            room.copyBytes(from: piece.prefix(taken))
            buffer.advance(taken)
            guard buffer.isWorthSearching else { continue }
            buffer.markSearched()
            for pattern in patterns {
                guard let end = pattern.end(in: buffer.bytes, count: buffer.count) else { continue }
                precondition(end <= buffer.count && pattern.isFound(in: buffer.bytes, count: buffer.count))
                buffer.removeFirst(end)
            }
        }
        _ = buffer.text(limit: 2048)
    }

    private static let patterns = ["^220 .*\n", "(a|b)*c", "\\xff+", "^$"].compactMap {
        try? Pattern(SettingText($0), isMultiLine: true)  // all of them compile; one that does not is no loss here
    }

    private static func startTLS(_ bytes: [UInt8]) {
        guard let first = bytes.first else { return }
        let all = StartTLSProtocols.all
        var machine = all[Int(first) % all.count].init(domain: "shop.test")
        var unread: [UInt8] = []
        for piece in pieces(Array(bytes.dropFirst())) {
            unread += piece
            while true {
                let move = machine.next(unread.span)
                unread.removeFirst(move.used)
                switch move.action {
                case .wait: if move.used > 0, !unread.isEmpty { continue }
                case .say: if !unread.isEmpty { continue }
                case .ready, .refused, .wrong: return
                }
                break
            }
        }
    }

    private static func header(_ bytes: [UInt8]) {
        var header = ResponseHeader()
        header.begin()
        for piece in pieces(bytes) {
            let isTaken = piece.withUnsafeBytes { raw in
                if case .taken = header.add(raw.bindMemory(to: CChar.self)) { return true }
                return false
            }
            if !isTaken { return }
        }
    }

    /// Its key too, as a handshake reads it.
    private static func certificate(_ bytes: [UInt8]) {
        _ = cnet_decode_keys_directly()
        bytes.withUnsafeBufferPointer { buffer in
            var start = buffer.baseAddress
            guard let certificate = d2i_X509(nil, &start, buffer.count) else { return ERR_clear_error() }
            defer { X509_free(certificate) }
            _ = TLSWitness.facts(of: certificate)
        }
    }

    private static func pem(_ bytes: [UInt8]) {
        if let chain = cnet_read_certificates(bytes, Int32(bytes.count)) { cnet_chain_free(chain) }
        var isEncrypted: Int32 = 0
        if let key = cnet_read_key(bytes, Int32(bytes.count), &isEncrypted) { EVP_PKEY_free(key) }
    }
}
