import CNet
import Foundation
import Support

/// Certificates, OCSP answers and servers made with the openssl tool: what the tests' own authority has no words for.
struct OpenSSLTool {
    let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
        try folder.writeFile("empty.cnf", "[req]\ndistinguished_name=dn\n[dn]\n")
    }

    /// PEM files of a certificate and its key.
    struct Pair {
        let certificate: String
        let key: String
        let name: String
    }

    static let ec = ["ec", "-pkeyopt", "ec_paramgen_curve:P-256"]
    static let authority = "basicConstraints=critical,CA:TRUE\nkeyUsage=critical,keyCertSign,cRLSign"
    static let server = "basicConstraints=critical,CA:FALSE\nsubjectAltName=IP:127.0.0.1,DNS:localhost"

    func path(_ name: String) -> String { folder.path + "/" + name }

    func openssl(_ arguments: [String]) throws { try ChildProgram.run(["openssl"] + arguments, in: folder.path) }

    /// `extensions`: lines of openssl's configuration. `issuer` nil: signed by itself.
    func issue(
        _ name: String, extensions: String, by issuer: Pair? = nil, key: [String] = ec, days: Int = 30,
        digest: String = "sha256", _ more: [String] = []
    ) throws -> Pair {
        let pair = Pair(certificate: path("\(name).pem"), key: path("\(name).key"), name: name)
        try folder.writeFile("\(name).ext", extensions)
        try openssl(
            ["req", "-config", path("empty.cnf"), "-new", "-nodes", "-newkey"] + key
                + ["-keyout", pair.key, "-out", path("\(name).csr"), "-subj", "/CN=\(name)"])
        let signer = issuer.map { ["-CA", $0.certificate, "-CAkey", $0.key] } ?? ["-signkey", pair.key]
        try openssl(
            ["x509", "-req", "-in", path("\(name).csr"), "-out", pair.certificate, "-days", "\(days)", "-\(digest)"]
                + ["-extfile", path("\(name).ext"), "-set_serial", "\(UInt32.random(in: 1 << 30..<1 << 31))"] + signer
                + more)
        return pair
    }

    /// A file that holds the certificates of all of them, in their order.
    func bundle(_ pairs: [Pair]) throws -> String {
        let texts = try pairs.map { try String(contentsOfFile: $0.certificate, encoding: .utf8) }
        let name = "bundle-" + UUID().uuidString
        try folder.writeFile(name, texts.joined())
        return path(name)
    }

    /// A server that shakes hands and answers HTTP with a page about them.
    func serve(_ leaf: Pair, chain: [Pair] = [], _ more: [String] = []) throws -> OpenSSLServer {
        let port = try ChildProgram.freePort()
        let others = chain.isEmpty ? [] : ["-cert_chain", try bundle(chain)]
        let program = try ChildProgram(
            [
                "openssl", "s_server", "-accept", "127.0.0.1:\(port)", "-www", "-cert", leaf.certificate, "-key",
                leaf.key,
            ]
                + others + more, in: folder.path, listeningOn: port)
        return OpenSSLServer(program: program, hostAndPort: "127.0.0.1:\(port)")
    }

    /// An OCSP answer about `leaf`, as its responder would give it.
    func answer(
        about leaf: Pair, by issuer: Pair, signer: Pair, status: String = "V", _ more: [String] = ["-ndays", "1"]
    ) throws -> String {
        let serial =
            try ChildProgram.run(
                ["openssl", "x509", "-in", leaf.certificate, "-noout", "-serial"], in: folder.path
            ).split(separator: "=").last.map { $0.trimmingCharacters(in: .whitespacesAndNewlines) } ?? ""
        let revoked = status == "R" ? "250101000000Z,keyCompromise" : ""
        let line = "\(status)\t491231235959Z\t\(revoked)\t\(serial)\tunknown\t/CN=\(leaf.name)\n"
        let name = UUID().uuidString
        try folder.writeFile("\(name).index", status == "unknown" ? "" : line)
        try openssl([
            "ocsp", "-issuer", issuer.certificate, "-cert", leaf.certificate, "-reqout", path("\(name).req"),
            "-no_nonce",
        ])
        try openssl(
            ["ocsp", "-index", path("\(name).index"), "-CA", issuer.certificate, "-rsigner", signer.certificate]
                + ["-rkey", signer.key, "-reqin", path("\(name).req"), "-respout", path("\(name).der")] + more)
        return path("\(name).der")
    }
}

extension OpenSSLTool {
    /// A good answer about `leaf` that holds from and up to so many days from now; the tool gives out none whose time
    /// is over. `signer`: with a key of Ed25519, since EC and RSA keys that are read from files sign no answers
    /// (`cnet_decode_keys_directly`).
    func datedAnswer(
        about leaf: Pair, by issuer: Pair, signer: Pair, days: ClosedRange<Int32>
    ) throws -> String {
        func certificate(_ pair: Pair) throws -> OpaquePointer {
            let bytes = try Data(contentsOf: URL(fileURLWithPath: pair.certificate))
            return try bytes.withUnsafeBytes {
                guard let chain = cnet_read_certificates($0.baseAddress, Int32($0.count)) else { throw Unmade() }
                defer { cnet_chain_free(chain) }
                guard let first = cnet_chain_shift(chain) else { throw Unmade() }
                return first
            }
        }
        let certificates = try (leaf: certificate(leaf), issuer: certificate(issuer), signer: certificate(signer))
        var isEncrypted: Int32 = 0
        let key = try Data(contentsOf: URL(fileURLWithPath: signer.key)).withUnsafeBytes {
            cnet_read_key($0.baseAddress, Int32($0.count), &isEncrypted)
        }
        let answer = OCSP_BASICRESP_new()
        let now = time(nil)
        guard
            OCSP_basic_add1_status(
                answer, OCSP_cert_to_id(EVP_sha1(), certificates.leaf, certificates.issuer), V_OCSP_CERTSTATUS_GOOD,
                0, nil, ASN1_TIME_adj(nil, now, days.lowerBound, 0), ASN1_TIME_adj(nil, now, days.upperBound, 0))
                != nil,
            OCSP_basic_sign(answer, certificates.signer, key, nil, nil, 0) == 1
        else { throw Unmade() }
        var bytes: UnsafeMutablePointer<UInt8>?
        let count = i2d_OCSP_RESPONSE(OCSP_response_create(OCSP_RESPONSE_STATUS_SUCCESSFUL, answer), &bytes)
        guard let bytes, count > 0 else { throw Unmade() }
        let file = path(UUID().uuidString + ".der")
        try Data(bytes: bytes, count: Int(count)).write(to: URL(fileURLWithPath: file))
        return file
    }

    private struct Unmade: Error {}
}

struct OpenSSLServer {
    let program: ChildProgram
    let hostAndPort: String
}

extension TemporaryFolder {
    func writeFile(_ name: String, _ text: String) throws { _ = try file(name, text) }
}
