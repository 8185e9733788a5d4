import CNet
import Vocabulary

/// Which cipher suites are offered, in OpenSSL's words: one list for TLS 1.3 and one for what came before.
struct CipherRule: Hashable, Sendable {
    /// Empty: OpenSSL's defaults.
    private(set) var older = ""
    private(set) var newer = ""

    /// The value of `ciphers`; a word that OpenSSL does not know is a mistake.
    static func decode(_ reader: SettingReader, _ mistakes: inout Mistakes) -> CipherRule {
        var rule = CipherRule()
        guard let texts = reader.texts("ciphers", &mistakes) else { return rule }
        guard let context = SSL_CTX_new(TLS_client_method()) else { return rule }
        defer {
            SSL_CTX_free(context)
            ERR_clear_error()
        }
        var older: [Substring] = []
        var newer: [Substring] = []
        for (text, place) in texts {
            // A secret makes no sense here, but what is shown must never be one.
            let words = text.value.split(separator: ":")
            guard !words.isEmpty, words.allSatisfy({ isKnown($0, context) }) else {
                mistakes.add(
                    place,
                    "ciphers of \(reader.subject) must be OpenSSL's names of cipher suites, such as "
                        + "ECDHE-RSA-AES128-GCM-SHA256 or TLS_AES_128_GCM_SHA256, not \"\(text.shown)\"")
                continue
            }
            for word in words { if isNewer(word) { newer.append(word) } else { older.append(word) } }
        }
        if texts.isEmpty {
            mistakes.add(reader.place("ciphers"), "ciphers of \(reader.subject) must name at least one cipher suite")
        }
        rule.older = older.joined(separator: ":")
        rule.newer = newer.joined(separator: ":")
        if !rule.older.isEmpty, SSL_CTX_set_cipher_list(context, rule.older) != 1 {
            mistakes.add(reader.place("ciphers"), "ciphers of \(reader.subject) leave no cipher suite to offer")
        }
        return rule
    }

    /// `isOld`: versions below TLS 1.2 are offered. OpenSSL 3 counts them as insecure at the default level: whoever
    /// asks for them means them.
    func apply(to context: OpaquePointer, isOld: Bool) {
        if !newer.isEmpty { SSL_CTX_set_ciphersuites(context, newer) }
        if isOld {
            SSL_CTX_set_cipher_list(context, (older.isEmpty ? "DEFAULT" : older) + ":@SECLEVEL=0")
        } else if !older.isEmpty {
            SSL_CTX_set_cipher_list(context, older)
        }
    }

    private static func isNewer(_ word: Substring) -> Bool { word.hasPrefix("TLS_") }

    /// OpenSSL leaves out what it does not know without a word, so each word is tried alone.
    private static func isKnown(_ word: Substring, _ context: OpaquePointer) -> Bool {
        if isNewer(word) { return SSL_CTX_set_ciphersuites(context, String(word)) == 1 }
        // `@SECLEVEL=1`, `@STRENGTH`: commands about the list so far.
        if word.hasPrefix("@") { return SSL_CTX_set_cipher_list(context, "ALL:\(word)") == 1 }
        // `!MD5`, `-RSA`, `+SHA`: taken off or moved; empty suites (eNULL) are known only where they are allowed.
        let name = word.drop { "!-+".contains($0) }
        return SSL_CTX_set_cipher_list(context, "\(name):@SECLEVEL=0") == 1
    }
}
