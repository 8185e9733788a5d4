import CNet
import Glibc
import Vocabulary

/// A throw-away certificate authority: its certificate and everything it issues are PEM files in one folder.
/// Keys are ECDSA P-256.
package final class CertificateAuthority: Sendable {
    /// PEM file of this authority's own certificate: what a client is to trust.
    package let certificateFile: String
    private let folder: String
    private let pair: CertificatePair
    /// The certificates between what is issued and the root, which servers send along.
    private let chain: [CertificatePair]
    private let root: CertificatePair

    /// A root, valid for `valid`. `folder` must exist and outlive the servers.
    package convenience init(name: String, folder: String, valid: Interval) throws(LoopbackError) {
        let pair = try CertificatePair(
            CertificateRequest(subject: name, host: nil, isAuthority: true, valid: valid), issuer: nil)
        try self.init(pair: pair, chain: [], root: pair, folder: folder)
    }

    private init(
        pair: CertificatePair, chain: [CertificatePair], root: CertificatePair, folder: String
    ) throws(LoopbackError) {
        self.pair = pair
        self.chain = chain
        self.root = root
        self.folder = folder
        certificateFile = folder + "/" + CertificateAuthority.newName("ca") + ".pem"
        try PEMFile.write([pair], to: certificateFile)
    }

    /// An authority below this one.
    package func intermediate(name: String, valid: Interval) throws(LoopbackError) -> CertificateAuthority {
        let below = try CertificatePair(
            CertificateRequest(subject: name, host: nil, isAuthority: true, valid: valid), issuer: pair)
        return try CertificateAuthority(pair: below, chain: [below] + chain, root: root, folder: folder)
    }

    /// A certificate for `host`, a name or an address. `sendsChain` false leaves the intermediate ones out, as many
    /// badly installed servers do; `sendsRoot` true adds the root, which clients do not need.
    package func issue(
        host: String, valid: Interval, sendsChain: Bool = true, sendsRoot: Bool = false
    ) throws(LoopbackError) -> ServerIdentity {
        let leaf = try CertificatePair(CertificateRequest(subject: host, host: host, valid: valid), issuer: pair)
        let others = (sendsChain ? chain : []) + (sendsRoot ? [root] : [])
        return try ServerIdentity([leaf] + others, folder: folder)
    }

    /// A certificate for `host` that nobody but itself vouches for.
    package static func selfSigned(
        host: String, valid: Interval, folder: String
    ) throws(LoopbackError) -> ServerIdentity {
        let leaf = try CertificatePair(CertificateRequest(subject: host, host: host, valid: valid), issuer: nil)
        return try ServerIdentity([leaf], folder: folder)
    }

    /// A file name that no other certificate of the process has.
    fileprivate static func newName(_ prefix: String) -> String {
        prefix + "-" + String(UInt64.random(in: 0...UInt64.max), radix: 36)
    }
}

/// What a TLS server shows and proves: PEM files of its certificate chain, leaf first, and of its key.
package struct ServerIdentity: Sendable {
    package let certificateFile: String
    package let keyFile: String

    package init(certificateFile: String, keyFile: String) {
        self.certificateFile = certificateFile
        self.keyFile = keyFile
    }

    fileprivate init(_ chain: [CertificatePair], folder: String) throws(LoopbackError) {
        let name = folder + "/" + CertificateAuthority.newName("server")
        self.init(certificateFile: name + ".pem", keyFile: name + ".key")
        try PEMFile.write(chain, to: certificateFile)
        try PEMFile.writeKey(of: chain[0], to: keyFile)
    }
}

/// Certificates and keys as files in PEM.
private enum PEMFile {
    static func write(_ chain: [CertificatePair], to file: String) throws(LoopbackError) {
        try write(to: file) { output in chain.allSatisfy { PEM_write_bio_X509(output, $0.certificate) == 1 } }
    }

    static func writeKey(of pair: CertificatePair, to file: String) throws(LoopbackError) {
        try write(to: file) { PEM_write_bio_PrivateKey($0, pair.key, nil, nil, 0, nil, nil) == 1 }
        chmod(file, 0o600)
    }

    private static func write(to file: String, _ body: (OpaquePointer) -> Bool) throws(LoopbackError) {
        guard let output = BIO_new_file(file, "w") else {
            throw LoopbackError("cannot write \(file): \(describe(errno: errno))")
        }
        defer { BIO_free(output) }
        guard body(output) else { throw LoopbackError("cannot write \(file)") }
    }
}
