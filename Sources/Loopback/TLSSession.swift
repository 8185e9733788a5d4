import CNet
import Glibc

/// The oldest and newest TLS version a server takes.
package struct TLSVersions: Sendable {
    let oldest: Int32
    let newest: Int32

    package static let standard = TLSVersions(oldest: TLS1_2_VERSION, newest: TLS1_3_VERSION)
    package static let only12 = TLSVersions(oldest: TLS1_2_VERSION, newest: TLS1_2_VERSION)
    package static let only13 = TLSVersions(oldest: TLS1_3_VERSION, newest: TLS1_3_VERSION)
    /// Long out of use: clients are to refuse it.
    package static let only11 = TLSVersions(oldest: TLS1_1_VERSION, newest: TLS1_1_VERSION)
}

/// A certificate chain with its key, loaded into an OpenSSL context that all connections of a server share.
///
/// Unchecked: the context is not changed after init, and OpenSSL counts its references atomically.
final class TLSIdentity: @unchecked Sendable {
    let context: OpaquePointer
    private let alpn: ALPNChoice?

    init(_ identity: ServerIdentity, versions: TLSVersions, alpn: String?) throws(LoopbackError) {
        guard let context = SSL_CTX_new(TLS_server_method()) else { throw LoopbackError("no TLS context") }
        self.context = context
        self.alpn = alpn.map(ALPNChoice.init)
        // Level 0 lets TLS 1.1 work, which level 1 and above refuse in OpenSSL 3.
        guard SSL_CTX_set_cipher_list(context, "DEFAULT:@SECLEVEL=0") == 1,
            SSL_CTX_ctrl(context, SSL_CTRL_SET_MIN_PROTO_VERSION, Int(versions.oldest), nil) == 1,
            SSL_CTX_ctrl(context, SSL_CTRL_SET_MAX_PROTO_VERSION, Int(versions.newest), nil) == 1,
            SSL_CTX_use_certificate_chain_file(context, identity.certificateFile) == 1,
            SSL_CTX_use_PrivateKey_file(context, identity.keyFile, SSL_FILETYPE_PEM) == 1
        else { throw LoopbackError("cannot serve TLS with \(identity.certificateFile) and \(identity.keyFile)") }
        self.alpn?.install(in: context)
    }

    deinit { SSL_CTX_free(context) }
}

/// The one protocol that a server takes of those that a client offers. Source: RFC 7301, 3.1.
private final class ALPNChoice: Sendable {
    private let name: [UInt8]

    init(_ name: String) { self.name = Array(name.utf8) }

    /// To be kept as long as the context.
    func install(in context: OpaquePointer) {
        SSL_CTX_set_alpn_select_cb(
            context,
            { _, chosen, chosenCount, offered, offeredCount, choice in
                guard let chosen, let chosenCount, let offered, let choice else { return SSL_TLSEXT_ERR_NOACK }
                let name = Unmanaged<ALPNChoice>.fromOpaque(choice).takeUnretainedValue().name
                var place = 0
                while place < Int(offeredCount) {
                    let count = Int(offered[place])
                    if UnsafeBufferPointer(start: offered + place + 1, count: count).elementsEqual(name) {
                        chosen.pointee = offered + place + 1
                        chosenCount.pointee = offered[place]
                        return SSL_TLSEXT_ERR_OK
                    }
                    place += 1 + count
                }
                return SSL_TLSEXT_ERR_NOACK
            }, Unmanaged.passUnretained(self).toOpaque())
    }
}

/// The server's side of one TLS connection.
final class TLSSession {
    private let ssl: OpaquePointer

    /// Returns after the handshake; ends the connection when it fails.
    init(_ identity: TLSIdentity, on connection: Connection, _ descriptor: Int32) throws(ConnectionEnded) {
        guard let ssl = SSL_new(identity.context) else { throw ConnectionEnded() }
        self.ssl = ssl
        SSL_set_fd(ssl, descriptor)
        try finish(on: connection) { SSL_accept(ssl) }
    }

    deinit { SSL_free(ssl) }

    func read(_ buffer: UnsafeMutableRawBufferPointer) -> Connection.Outcome {
        outcome { SSL_read(ssl, buffer.baseAddress, Int32(buffer.count)) }
    }

    func write(_ bytes: UnsafeRawBufferPointer) -> Connection.Outcome {
        outcome { SSL_write(ssl, bytes.baseAddress, Int32(bytes.count)) }
    }

    /// Says goodbye, without waiting for the peer's.
    func close(on connection: Connection) throws(ConnectionEnded) { SSL_shutdown(ssl) }

    private func finish(on connection: Connection, _ step: () -> Int32) throws(ConnectionEnded) {
        while true {
            switch outcome(step) {
            case .done: return
            case .wait(let events): try connection.wait(for: events)
            case .ended: throw ConnectionEnded()
            }
        }
    }

    private func outcome(_ step: () -> Int32) -> Connection.Outcome {
        // The thread's error queue must be empty for SSL_get_error to speak of this step.
        ERR_clear_error()
        let result = step()
        if result > 0 { return .done(Int(result)) }
        switch SSL_get_error(ssl, result) {
        case SSL_ERROR_WANT_READ: return .wait(POLLIN)
        case SSL_ERROR_WANT_WRITE: return .wait(POLLOUT)
        default: return .ended
        }
    }
}
