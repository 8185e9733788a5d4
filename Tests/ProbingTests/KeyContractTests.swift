import CNet
import Foundation
import Support
import Testing
import Vocabulary

@testable import Probing

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

    /// A row of each kind.
    private func both(
        _ name: String, _ server: OpenSSLServer, _ tls: [(key: String, value: SettingLiteral)], _ cause: Cause = .ok
    ) -> [ContractRow] {
        ["tls", "http"].map { kind in
            let address = (kind == "tls" ? "" : "https://") + server.hostAndPort
            return ContractRow(
                "\(name) (\(kind))", kind, [kind == "tls" ? "address" : "url": .text(address), "tls": .map(tls)],
                timeoutMs: 10_000,
                is: Seen(cause, cause == .ok ? nil : .fail, cause == .ok && kind == "http" ? 200 : 0))
        }
    }

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
                rows += both("\(key.name) \(version)", server, [("ca", .text(root.certificate))])
                rows += both(
                    "\(key.name) \(version), another authority", server, [("ca", .text(other.certificate))],
                    .certificateIncompleteChain)
            }
        }
        try await expectContract(rows)
        withExtendedLifetime(servers) {}
    }

    @Test("an RSA authority may sign with PSS")
    func signedWithPSS() async throws {
        let tool = try OpenSSLTool()
        let root = try tool.issue("root", extensions: OpenSSLTool.authority, key: ["rsa:2048"])
        let leaf = try tool.issue(
            "leaf", extensions: OpenSSLTool.server, by: root, key: ["rsa:2048"], ["-sigopt", "rsa_padding_mode:pss"])
        let servers = try Self.versions.map { try tool.serve(leaf, [$0]) }
        try await expectContract(servers.flatMap { both("PSS", $0, [("ca", .text(root.certificate))]) })
    }

    @Test("keys are exchanged over each group that a target may insist on, under TLS 1.2 and 1.3")
    func groups() async throws {
        let tool = try OpenSSLTool()
        let root = try tool.issue("root", extensions: OpenSSLTool.authority)
        let leaf = try tool.issue("leaf", extensions: OpenSSLTool.server, by: root)
        var rows: [ContractRow] = []
        var servers: [OpenSSLServer] = []
        for version in Self.versions {
            // TLS 1.2 has the certificate's own curve among them.
            for group in ["X25519:P-256", "P-256", "P-384:P-256", "P-521:P-256", "X448:P-256"] {
                let server = try tool.serve(leaf, [version, "-groups", group, "-serverpref"])
                servers.append(server)
                rows += both("\(group) \(version)", server, [("ca", .text(root.certificate))])
            }
        }
        for group in ["P-384", "P-521", "X448"] {
            let server = try tool.serve(leaf, ["-tls1_3", "-groups", group])
            servers.append(server)
            rows += both("only \(group)", server, [("ca", .text(root.certificate))])
        }
        try await expectContract(rows)
        withExtendedLifetime(servers) {}
    }

    @Test("a client certificate of each type of key is shown under TLS 1.2 and 1.3", arguments: keys)
    func clients(key: Key) async throws {
        let tool = try OpenSSLTool()
        let root = try tool.issue("root", extensions: OpenSSLTool.authority)
        let leaf = try tool.issue("leaf", extensions: OpenSSLTool.server, by: root)
        let client = try tool.issue(key.name, extensions: "basicConstraints=CA:FALSE", by: root, key: key.options)
        let servers = try Self.versions.map {
            try tool.serve(leaf, ["-Verify", "3", "-verify_return_error", "-CAfile", root.certificate, $0])
        }
        let shown: [(key: String, value: SettingLiteral)] = [
            ("ca", .text(root.certificate)), ("client_cert", .text(client.certificate)),
            ("client_key", .text(client.key)),
        ]
        try await expectContract(servers.flatMap { both(key.name, $0, shown) })
    }

    @Test("a signature that is not the authority's is refused, whatever the key", arguments: keys)
    func forged(key: Key) async throws {
        let tool = try OpenSSLTool()
        // Two authorities of one name, and nothing else says whose certificate it is: only the signature does.
        let nameless = "\nsubjectKeyIdentifier=none\nauthorityKeyIdentifier=none"
        let root = try tool.issue("authority", extensions: OpenSSLTool.authority + nameless, key: key.options)
        let ca = try tool.bundle([root])
        let forger = try tool.issue("authority", extensions: OpenSSLTool.authority + nameless, key: key.options)
        let leaf = try tool.issue("leaf", extensions: OpenSSLTool.server + nameless, by: forger, key: key.options)
        let server = try tool.serve(leaf)
        try await expectContract(both(key.name, server, [("ca", .text(ca))], .certificateInvalid))
    }

    @Test("once there is a context EC and RSA keys are decoded directly, the others are not", arguments: keys)
    func direct(key: Key) throws {
        _ = try TLSContext(TLSSettings(isInsecure: true)).ready()
        let tool = try OpenSSLTool()
        let pair = try tool.issue(key.name, extensions: OpenSSLTool.server, key: key.options)
        let bytes = try Data(contentsOf: URL(fileURLWithPath: pair.certificate))
        let chain = try #require(
            bytes.withUnsafeBytes { cnet_read_certificates($0.baseAddress, Int32($0.count)) })
        defer { cnet_chain_free(chain) }
        let isDirect = cnet_is_key_direct(cnet_chain_at(chain, 0)) == 1
        // Where OpenSSL has no engines no key is.
        #expect(isDirect == (key.isDirect && cnet_decode_keys_directly() == 1))
    }
}
