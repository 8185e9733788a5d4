import CNet
import Synchronization
import Vocabulary

/// What a distinct `tls:` block needs of OpenSSL, made once and shared by its checks and reactors: parsing the
/// system's certificates costs 18 ms, far too much for each probe.
final class TLSContext: Sendable {
    /// Most certificates between a leaf and its root.
    static let intermediatesMax: Int32 = 14
    /// Most bytes of the certificates that a target sends, in their handshake message.
    static let certificatesBytesMax = 102_400

    let settings: TLSSettings
    /// Guards the parts while they are made; afterwards they never change.
    private let parts = Mutex<Parts?>(nil)

    /// Files that hold the system's certificates: Debian, Fedora, Alpine.
    private static let systemFiles = [
        "/etc/ssl/certs/ca-certificates.crt", "/etc/pki/tls/certs/ca-bundle.crt", "/etc/ssl/cert.pem",
    ]
    /// Longest file of certificates read.
    private static let fileMax = 16 << 20

    init(_ settings: TLSSettings) { self.settings = settings }

    deinit {
        parts.withLock { parts in
            guard let made = parts else { return }
            SSL_CTX_free(made.context)
            X509_STORE_free(made.store)
            parts = nil
        }
    }

    /// The trusted certificates, our own, and the handshake's settings.
    struct Parts: @unchecked Sendable {
        // Unchecked: OpenSSL's stores and contexts may be used from many threads once they no longer change.
        let store: OpaquePointer
        let client: ClientCertificate?
        let context: OpaquePointer
    }

    /// Made at the first call, which reads the files.
    func ready() throws(TLSProblem) -> Parts {
        let made: Result<Parts, TLSProblem> = parts.withLock { parts in
            if let parts { return .success(parts) }
            do throws(TLSProblem) {
                let made = try make()
                parts = made
                return .success(made)
            } catch {
                return .failure(error)
            }
        }
        return try made.get()
    }

    /// Gives libcurl's context of one connection what this block says. `isSameOrigin`: the request goes to the
    /// scheme, host and port that the check names; no other gets to see the client certificate.
    func apply(to context: OpaquePointer, isSameOrigin: Bool) throws(TLSProblem) {
        let parts = try ready()
        // Not as the context's own store: libcurl keeps that one for its next connections, whatever they are to
        // trust.
        SSL_CTX_ctrl(context, SSL_CTRL_SET_VERIFY_CERT_STORE, 1, UnsafeMutableRawPointer(parts.store))
        try configure(context, parts.store, isSameOrigin ? parts.client : nil)
    }

    private func make() throws(TLSProblem) -> Parts {
        // Before the first certificate is read; every handshake needs a context.
        _ = cnet_decode_keys_directly()
        var client: ClientCertificate?
        if let files = settings.client { client = try ClientCertificate(files) }
        guard let store = X509_STORE_new(), let context = SSL_CTX_new(TLS_client_method()) else {
            throw TLSProblem(key: "tls", text: "out of memory")
        }
        do throws(TLSProblem) {
            if !settings.isInsecure { try fill(store) }
            SSL_CTX_set1_cert_store(context, store)
            try configure(context, store, client)
        } catch {
            SSL_CTX_free(context)
            X509_STORE_free(store)
            throw error
        }
        let alpn = settings.alpnBytes
        if !alpn.isEmpty { SSL_CTX_set_alpn_protos(context, alpn, UInt32(alpn.count)) }
        SSL_CTX_set_verify(context, settings.isInsecure ? SSL_VERIFY_NONE : SSL_VERIFY_PEER, nil)
        TLSWitness.attach(toContext: context, nil)
        return Parts(store: store, client: client, context: context)
    }

    /// What is the same for our own handshakes and for libcurl's.
    private func configure(
        _ context: OpaquePointer, _ store: OpaquePointer, _ client: ClientCertificate?
    ) throws(TLSProblem) {
        _ = cnet_ssl_ctx_set_versions(context, settings.lowestVersion, settings.highestVersion)
        settings.ciphers.apply(to: context, isOld: settings.lowestVersion < TLS1_2_VERSION)
        cnet_ssl_ctx_set_certificates_max(context, TLSContext.certificatesBytesMax)
        SSL_CTX_set_verify_depth(context, TLSContext.intermediatesMax)
        if settings.demandsStaple { TLSWitness.demandStaple(context, store) }
        if let client, !client.use(in: context) {
            throw TLSProblem(key: "client_cert", text: "OpenSSL counts its key or signature as too weak")
        }
    }

    private func fill(_ store: OpaquePointer) throws(TLSProblem) {
        guard let path = settings.caPath else { return try fillFromSystem(store) }
        let bytes: [UInt8]
        do {
            bytes = try FileBytes.read(path, limit: TLSContext.fileMax)
        } catch {
            throw TLSProblem(key: "ca", text: error.text)
        }
        guard cnet_store_add_pem(store, bytes, Int32(bytes.count)) > 0 else {
            throw TLSProblem(key: "ca", text: "it holds no PEM certificate")
        }
    }

    private func fillFromSystem(_ store: OpaquePointer) throws(TLSProblem) {
        for path in TLSContext.systemFiles {
            guard let bytes = try? FileBytes.read(path, limit: TLSContext.fileMax) else { continue }
            if cnet_store_add_pem(store, bytes, Int32(bytes.count)) > 0 { return }
        }
        throw TLSProblem(key: "ca", text: "the system has none; install ca-certificates or give tls.ca")
    }
}
