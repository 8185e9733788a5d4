import CNet

/// What a 401 asks for with `WWW-Authenticate: Digest`, and the answer to it. Source: RFC 7616.
struct DigestChallenge {
    private let algorithm: Algorithm
    /// The server's own spelling of the algorithm; nil when it named none.
    private let algorithmText: String?
    private let realm: String
    private let nonce: String
    private let opaque: String?
    /// `qop=auth` was offered; false: the form of RFC 2069.
    private let hasQuality: Bool

    /// A name and a password.
    struct User: Sendable {
        let name: String
        let password: String
    }

    private struct Algorithm {
        let digest: OpaquePointer?
        let strength: Int
        let isSession: Bool

        init?(_ name: String) {
            switch name.lowercased() {
            case "md5": self.init(EVP_md5(), 1, isSession: false)
            case "md5-sess": self.init(EVP_md5(), 1, isSession: true)
            case "sha-256": self.init(EVP_sha256(), 2, isSession: false)
            case "sha-256-sess": self.init(EVP_sha256(), 2, isSession: true)
            default: return nil
            }
        }

        private init(_ digest: OpaquePointer?, _ strength: Int, isSession: Bool) {
            self.digest = digest
            self.strength = strength
            self.isSession = isSession
        }

        func hash(_ text: String) -> String {
            let bytes = Array(text.utf8)
            var hash = [UInt8](repeating: 0, count: Int(EVP_MAX_MD_SIZE))
            var count: UInt32 = 0
            guard EVP_Digest(bytes, bytes.count, &hash, &count, digest, nil) == 1 else { return "" }
            return hash.prefix(Int(count)).map { hexadecimal($0) }.joined()
        }

        private func hexadecimal(_ byte: UInt8) -> String { (byte < 16 ? "0" : "") + String(byte, radix: 16) }
    }

    /// The strongest challenge among the values of the `WWW-Authenticate` fields that can be answered; nil when none
    /// can.
    static func strongest(in values: [String]) -> DigestChallenge? {
        let challenges = values.flatMap { HTTPChallenge.all(in: $0) }.compactMap { DigestChallenge($0) }
        return challenges.reduce(nil) { best, next in
            best.map { $0.algorithm.strength >= next.algorithm.strength } == true ? best : next
        }
    }

    private init?(_ challenge: HTTPChallenge) {
        let values = challenge.parameters
        guard challenge.scheme == "digest", let realm = values["realm"], let nonce = values["nonce"],
            let algorithm = Algorithm(values["algorithm"] ?? "MD5")
        else { return nil }
        if let offered = values["qop"] {
            guard offered.lowercased().split(whereSeparator: { $0 == "," || $0 == " " }).contains("auth") else {
                return nil
            }
        }
        self.algorithm = algorithm
        self.realm = realm
        self.nonce = nonce
        algorithmText = values["algorithm"]
        opaque = values["opaque"]
        hasQuality = values["qop"] != nil
    }

    /// The value of the `Authorization` field. `target`: path and query as they are sent. `clientNonce`: any text
    /// without quotes, another one each time.
    func answer(_ user: User, method: String, target: String, clientNonce: String) -> String {
        let hash = algorithm.hash
        var secret = hash("\(user.name):\(realm):\(user.password)")
        if algorithm.isSession { secret = hash("\(secret):\(nonce):\(clientNonce)") }
        let request = hash("\(method):\(target)")
        let count = "00000001"
        let response = hash(
            hasQuality
                ? "\(secret):\(nonce):\(count):\(clientNonce):auth:\(request)" : "\(secret):\(nonce):\(request)")
        func quoted(_ text: String) -> String {
            "\"" + text.map { $0 == "\"" || $0 == "\\" ? "\\\($0)" : "\($0)" }.joined() + "\""
        }
        var parts = [
            "username=\(quoted(user.name))", "realm=\(quoted(realm))", "nonce=\(quoted(nonce))",
            "uri=\(quoted(target))",
        ]
        if let algorithmText { parts.append("algorithm=\(algorithmText)") }
        parts.append("response=\"\(response)\"")
        if let opaque { parts.append("opaque=\(quoted(opaque))") }
        if hasQuality { parts += ["qop=auth", "nc=\(count)", "cnonce=\"\(clientNonce)\""] }
        return "Digest " + parts.joined(separator: ", ")
    }
}
