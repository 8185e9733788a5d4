// In: a behaviour (answer, hang, refuse, send garbage …), an address of 127.0.0.0/8 or ::1, and for TLS an identity.
// Out: a real server on a port of its own, for the demonstration and for the tests.
// Must never listen on an address that other machines can reach, or leave a thread behind.
import Synchronization

/// A server on loopback that behaves as it is told, until it is told otherwise. One thread accepts, one serves each
/// connection; all are joined by `stop`, which the last release calls too.
package final class LoopbackServer: Sendable {
    /// Connections served at one time; the rest wait in the listening socket's backlog.
    package static let connectionsMax = 256

    package let address: String
    package let port: Int
    private let identity: TLSIdentity?
    private let stopping: Signal
    private let shared: Shared
    /// Guards opening and closing: only one thread changes the listener at a time.
    private let listener: Mutex<Listener?>

    /// `port` 0 takes a free one. With an `identity` every behaviour speaks after a TLS handshake. `alpn`: the protocol
    /// that is agreed on when the client offers it (RFC 7301); nil: none.
    package init(
        _ behaviour: Behaviour, address: String = "127.0.0.1", port: Int = 0, identity: ServerIdentity? = nil,
        versions: TLSVersions = .standard, alpn: String? = nil
    ) throws(LoopbackError) {
        let socket = try BoundSocket(address: address, port: port)
        self.address = address
        self.port = socket.port
        if let identity {
            self.identity = try TLSIdentity(identity, versions: versions, alpn: alpn)
        } else {
            self.identity = nil
        }
        stopping = try Signal()
        shared = Shared(behaviour)
        listener = Mutex(nil)
        let opened = try open(socket, for: behaviour)
        listener.withLock { $0 = opened }
    }

    deinit { stop() }

    /// `HOST:PORT`, as checks write it.
    package var hostAndPort: String { address.contains(":") ? "[\(address)]:\(port)" : "\(address):\(port)" }

    /// How many connections were accepted so far.
    package var connections: Int { shared.state.withLock { $0.accepted } }

    /// The address the newest connection came from; nil before the first.
    package var newestPeer: String? { shared.state.withLock { $0.newestPeer } }

    /// Connections from now on meet `behaviour`; those being served end as they began. The port stays the server's own
    /// even while it refuses.
    package func change(to behaviour: Behaviour) throws(LoopbackError) {
        shared.state.withLock { $0.behaviour = behaviour }
        try listener.withLock { current throws(LoopbackError) in
            guard let listening = current?.listening, listening != behaviour.listening else { return }
            current?.close()
            // Releasing it closes the socket, and only then the port can be bound again.
            current = nil
            current = try open(BoundSocket(address: address, port: port), for: behaviour)
        }
    }

    /// Closes everything at once and joins every thread. Idempotent.
    package func stop() {
        stopping.raise()
        listener.withLock { current in
            current?.close()
            current = nil
        }
        let threads = shared.state.withLock { state in
            defer {
                state.serving = [:]
                state.finished = []
            }
            return state.serving.values + state.finished
        }
        for thread in threads { thread.join() }
    }

    private func open(_ socket: consuming BoundSocket, for behaviour: Behaviour) throws(LoopbackError) -> Listener {
        let context = ServingContext(identity: identity, stopping: stopping, shared: shared)
        return try Listener(socket, listening: behaviour.listening, name: "lo-\(port)", context: context)
    }
}

/// What the accepting thread and the serving threads have in common.
final class Shared: Sendable {
    struct State {
        var behaviour: Behaviour
        var accepted = 0
        var newestPeer: String?
        var serving: [Int: OwnedThread] = [:]
        var finished: [OwnedThread] = []
    }

    let state: Mutex<State>
    init(_ behaviour: Behaviour) { state = Mutex(State(behaviour: behaviour)) }
}

/// What one connection needs to be served.
struct ServingContext: Sendable {
    let identity: TLSIdentity?
    let stopping: Signal
    let shared: Shared
}

/// Why a server could not be set up: the port is taken, the address is not loopback, the certificate is unusable.
package struct LoopbackError: Error, CustomStringConvertible {
    package let description: String
    init(_ description: String) { self.description = description }
}
