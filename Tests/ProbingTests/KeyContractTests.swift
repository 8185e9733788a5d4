import CNet
import Foundation
import Support
import Testing
import Vocabulary

/// Every type of key that a certificate may have: EC and RSA keys are decoded directly (`cnet_decode_keys_directly`),
/// the others by OpenSSL's decoders.
@Suite(.timeLimit(.minutes(2))) struct KeyContractTests {
    struct Key: Sendable {
        let name: String
        let options: [String]
        let isDirect: Bool
    }

    static let keys = [
        Key(name: "p256", options: OpenSSLTool.ec, isDirect: true),
        Key(name: "p384", options: ["ec", "-pkeyopt", "ec_paramgen_curve:P-384"], isDirect: true),
        Key(name: "p521", options: ["ec", "-pkeyopt", "ec_paramgen_curve:P-521"], isDirect: true),
        Key(name: "rsa", options: ["rsa:2048"], isDirect: true),
        Key(name: "rsa-pss", options: ["rsa-pss", "-pkeyopt", "rsa_keygen_bits:2048"], isDirect: false),
        Key(name: "ed25519", options: ["ed25519"], isDirect: false),
    ]

    static let versions = ["-tls1_2", "-tls1_3"]

    @Test("a chain of each type of key is verified under TLS 1.2 and 1.3, and under no other authority")
    func chains() async throws {
        let tool = try OpenSSLTool()
        let other = try tool.issue("other", extensions: OpenSSLTool.authority, key: ["rsa:2048"])
        var rows: [ContractRow] = []
        var servers: [OpenSSLServer] = []
        for key in Self.keys {
            let root = try tool.issue("\(key.name)-root", extensions: OpenSSLTool.authority, key: key.options)
            let leaf = try tool.issue(key.name, extensions: OpenSSLTool.server, by: root, key: key.options)
            for version in Self.versions {
                let server = try tool.serve(leaf, [version])
                servers.append(server)
                for (ca, cause) in [(root, Cause.ok), (other, .certificateIncompleteChain)] {
                    for kind in ["tls", "http"] {
                        let address = (kind == "tls" ? "" : "https://") + server.hostAndPort
                        rows.append(
                            ContractRow(
                                "\(key.name) \(version) \(kind)", kind,
                                [kind == "tls" ? "address" : "url": .text(address), "tls": ["ca": .text(ca.certificate)]],
                                timeoutMs: 10_000,
                                is: Seen(
                                    cause, cause == .ok ? nil : .fail, cause == .ok && kind == "http" ? 200 : 0)))
                    }
                }
            }
        }
        try await expectContract(rows)
        withExtendedLifetime(servers) {}
    }

    @Test("a signature that is not the authority's is refused, whatever the key")
    func forged() async throws {
        let tool = try OpenSSLTool()
        for key in Self.keys {
            // Two authorities of one name, and nothing else says whose certificate it is: only the signature does.
            let nameless = "\nsubjectKeyIdentifier=none\nauthorityKeyIdentifier=none"
            let root = try tool.issue("authority", extensions: OpenSSLTool.authority + nameless, key: key.options)
            let ca = try tool.bundle([root])
            let forger = try tool.issue("authority", extensions: OpenSSLTool.authority + nameless, key: key.options)
            let leaf = try tool.issue("leaf", extensions: OpenSSLTool.server + nameless, by: forger, key: key.options)
            let server = try tool.serve(leaf)
            try await expectContract([
                ContractRow(
                    key.name, "tls", ["address": .text(server.hostAndPort), "tls": ["ca": .text(ca)]],
                    timeoutMs: 10_000, is: Seen(.certificateInvalid, .fail))
            ])
            withExtendedLifetime(server) {}
        }
    }

    @Test("EC and RSA keys are decoded directly, the others are not", arguments: keys)
    func direct(key: Key) throws {
        cnet_decode_keys_directly()
        let tool = try OpenSSLTool()
        let pair = try tool.issue(key.name, extensions: OpenSSLTool.server, key: key.options)
        let bytes = try Data(contentsOf: URL(fileURLWithPath: pair.certificate))
        let chain = try #require(
            bytes.withUnsafeBytes { cnet_read_certificates($0.baseAddress, Int32($0.count)) })
        defer { cnet_chain_free(chain) }
        let isDirect = cnet_is_key_direct(cnet_chain_at(chain, 0)) == 1
        #expect(isDirect == key.isDirect)
    }
}
