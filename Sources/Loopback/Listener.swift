import Glibc

/// One bound socket and, when its behaviour accepts, the thread that accepts on it.
final class Listener: Sendable {
    let listening: Behaviour.Listening
    private let held: HeldSocket
    /// nil: nobody accepts.
    private let accepting: (thread: OwnedThread, closing: Signal)?
    /// What fills the backlog of a socket that ignores.
    private let fillers: [FillingSocket]

    init(
        _ socket: consuming BoundSocket, listening: Behaviour.Listening, name: String, context: ServingContext
    ) throws(LoopbackError) {
        self.listening = listening
        let held = HeldSocket(socket)
        self.held = held
        switch listening {
        case .refuses:
            fillers = []
            accepting = nil
            return
        case .ignores:
            try held.socket.listen(backlog: 0)
            fillers = try (0..<Listener.fillersCount).map { _ throws(LoopbackError) in try FillingSocket(held.socket) }
            accepting = nil
            return
        case .accepts:
            try held.socket.listen(backlog: LoopbackServer.connectionsMax)
            fillers = []
        }
        let closing = try Signal()
        let loop = AcceptLoop(socket: held, closing: closing, name: name, context: context)
        accepting = (try OwnedThread(name: name) { loop.run() }, closing)
    }

    /// A backlog of 0 holds one connection; the others see to it that it is held.
    private static let fillersCount = 4

    /// Ends the accepting thread and waits for it. To be called once; the socket closes with the last reference.
    func close() {
        accepting?.closing.raise()
        accepting?.thread.join()
    }
}

/// A connection that nobody accepts.
final class FillingSocket: Sendable {
    private let descriptor: Int32

    init(_ target: borrowing BoundSocket) throws(LoopbackError) {
        descriptor = try target.connectToItself()
    }

    deinit { Glibc.close(descriptor) }
}

/// Takes connections and gives each a thread, until told to close.
struct AcceptLoop: Sendable {
    let socket: HeldSocket
    let closing: Signal
    let name: String
    let context: ServingContext

    func run() {
        while true {
            let isFull = joinFinished() >= LoopbackServer.connectionsMax
            var waits = [
                pollfd(fd: closing.descriptor, events: Int16(POLLIN), revents: 0),
                pollfd(fd: isFull ? -1 : socket.socket.descriptor, events: Int16(POLLIN), revents: 0),
            ]
            // When full, look again soon: a thread that ends rings no bell.
            poll(&waits, 2, isFull ? 5 : -1)
            if waits[0].revents != 0 { return }
            if waits[1].revents != 0, let connection = socket.socket.accept() {
                serve(connection.descriptor, from: connection.peer)
            }
        }
    }

    private func serve(_ descriptor: Int32, from peer: String) {
        let context = context
        // The lock is held until the thread stands in the table, so that it cannot leave it before.
        context.shared.state.withLock { state in
            state.accepted += 1
            state.newestPeer = peer
            let number = state.accepted
            let behaviour = state.behaviour
            do {
                state.serving[number] = try OwnedThread(name: name) {
                    Connection(descriptor, peer: peer, stopping: context.stopping)
                        .serve(behaviour, identity: context.identity)
                    context.shared.state.withLock { state in
                        if let own = state.serving.removeValue(forKey: number) { state.finished.append(own) }
                    }
                }
            } catch {
                Glibc.close(descriptor)
            }
        }
    }

    /// Joins the threads that have ended; gives the number of those still serving.
    private func joinFinished() -> Int {
        let (finished, serving) = context.shared.state.withLock { state in
            defer { state.finished = [] }
            return (state.finished, state.serving.count)
        }
        for thread in finished { thread.join() }
        return serving
    }
}
