import CNet
import Synchronization
import Vocabulary

/// What a distinct `tls:` block needs of OpenSSL, made once and shared by its checks and reactors: parsing the
/// system's certificates costs 18 ms, far too much for each probe.
final class TLSContext: Sendable {
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

    /// The trusted certificates and the handshake's settings.
    struct Parts: @unchecked Sendable {
        // Unchecked: OpenSSL's stores and contexts may be used from many threads once they no longer change.
        let store: OpaquePointer
        let context: OpaquePointer
    }

    /// Made at the first call, which reads the certificates.
    func ready() throws(FileError) -> Parts {
        let made: Result<Parts, FileError> = parts.withLock { parts in
            if let parts { return .success(parts) }
            do throws(FileError) {
                let made = try make()
                parts = made
                return .success(made)
            } catch {
                return .failure(error)
            }
        }
        return try made.get()
    }

    private func make() throws(FileError) -> Parts {
        guard let store = X509_STORE_new(), let context = SSL_CTX_new(TLS_client_method()) else {
            throw FileError(text: "out of memory")
        }
        do throws(FileError) {
            if !settings.isInsecure { try fill(store) }
        } catch {
            SSL_CTX_free(context)
            X509_STORE_free(store)
            throw error
        }
        SSL_CTX_set1_cert_store(context, store)
        limitVersions(of: context)
        SSL_CTX_set_verify(context, settings.isInsecure ? SSL_VERIFY_NONE : SSL_VERIFY_PEER, nil)
        TLSWitness.attach(toContext: context, nil)
        return Parts(store: store, context: context)
    }

    private func fill(_ store: OpaquePointer) throws(FileError) {
        guard let path = settings.caPath else { return try fillFromSystem(store) }
        let bytes = try FileBytes.read(path, limit: TLSContext.fileMax)
        guard cnet_store_add_pem(store, bytes, Int32(bytes.count)) > 0 else {
            throw FileError(text: "it holds no PEM certificate")
        }
    }

    private func fillFromSystem(_ store: OpaquePointer) throws(FileError) {
        for path in TLSContext.systemFiles {
            guard let bytes = try? FileBytes.read(path, limit: TLSContext.fileMax) else { continue }
            if cnet_store_add_pem(store, bytes, Int32(bytes.count)) > 0 { return }
        }
        throw FileError(text: "the system has none; install ca-certificates or give tls.ca")
    }
}

/// The contexts of a plan, one for each distinct block; used while the plan is compiled.
struct TLSContexts {
    private var made: [TLSSettings: TLSContext] = [:]
    /// Whether the system's certificates are to be read at once when a check needs them.
    private let readsSystem: Bool

    init(readsSystem: Bool) { self.readsSystem = readsSystem }

    /// The context of a check's `tls:` block. `isNeeded`: the check speaks TLS for certain, so what it needs is read
    /// now, and what cannot be read is a mistake.
    mutating func context(
        _ setting: Setting?, subject: String, at place: Place, isNeeded: Bool, _ mistakes: inout Mistakes
    ) -> TLSContext {
        let settings = TLSSettings.decode(setting, subject: subject, &mistakes)
        let context = made[settings] ?? TLSContext(settings)
        made[settings] = context
        guard isNeeded && readsSystem || settings.caPath != nil else { return context }
        do {
            _ = try context.ready()
        } catch {
            let ca = setting?.entries?.first { $0.key == "ca" }?.value
            let name = ca?.text.map { "the certificates in \"\($0.shown)\"" } ?? "the system's certificates"
            mistakes.add(ca?.place ?? place, "cannot use \(name): \(error.text)")
        }
        return context
    }
}

extension TLSContext {
    /// Gives libcurl's context of one connection the shared certificates and this block's versions.
    func apply(to context: OpaquePointer) throws(FileError) {
        let parts = try ready()
        // Not as the context's own store: libcurl keeps that one for its next connections, whatever they are to
        // trust.
        SSL_CTX_ctrl(context, SSL_CTRL_SET_VERIFY_CERT_STORE, 1, UnsafeMutableRawPointer(parts.store))
        limitVersions(of: context)
    }

    private func limitVersions(of context: OpaquePointer) {
        _ = cnet_ssl_ctx_set_versions(context, settings.lowestVersion, settings.highestVersion)
        // OpenSSL 3 counts TLS 1.0 and 1.1 as insecure at the default level: whoever asks for them means them.
        if settings.lowestVersion < TLS1_2_VERSION { SSL_CTX_set_cipher_list(context, "DEFAULT@SECLEVEL=0") }
    }
}
