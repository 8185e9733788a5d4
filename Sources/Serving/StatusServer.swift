// In: an address to listen on, and the document of each page, made by Reporting.
// Out: HTTP/1.1 answers.
// Must never: compute a figure, change anything, or read the store itself.
import Hummingbird
import Logging
import Reporting
import ServiceLifecycle
import Synchronization
import Vocabulary

/// Serves the pages until the surrounding service group shuts down, or the task is cancelled.
package struct StatusServer: Service {
    /// Connections at one time; the rest wait in the listening socket's queue.
    package static let connectionsMax = 256
    /// One header field of a request, and all of them together, in bytes.
    package static let headerBytesMax = 16 * 1024
    /// A connection that sends no whole request for so long is closed.
    package static let idleTimeoutSeconds: Int64 = 30

    private let listen: ListenAddress
    private let pages: @Sendable (Page) async -> Document
    private let logger: Logger
    private let onBound: @Sendable (Int) async -> Void

    /// `pages`: any number of requests may ask at once. `onBound`: told the port once connections are accepted, which
    /// is another than `listen` says only when that is 0.
    package init(
        listen: ListenAddress, pages: @escaping @Sendable (Page) async -> Document, logger: Logger,
        onBound: @escaping @Sendable (Int) async -> Void = { _ in }
    ) {
        self.listen = listen
        self.pages = pages
        self.onBound = onBound
        var quiet = logger
        // Hummingbird's lines about each connection are no decisions of ours.
        quiet.logLevel = max(logger.logLevel, .warning)
        self.logger = quiet
    }

    /// Throws `ServingError` when the address cannot be had.
    package func run() async throws {
        let isBound = Atomic(false)
        do {
            try await application { [onBound] port in
                isBound.store(true, ordering: .relaxed)
                await onBound(port)
            }.run()
        } catch {
            if isBound.load(ordering: .relaxed) || error is CancellationError { throw error }
            throw ServingError(error, listen)
        }
    }

    private func application(
        onBound: @escaping @Sendable (Int) async -> Void
    ) -> Application<CallbackResponder<BasicRequestContext>> {
        Application(
            responder: CallbackResponder { [pages] request, _ in await Answer.to(request, pages) },
            server: .http1(
                configuration: .init(
                    idleTimeout: .seconds(Self.idleTimeoutSeconds),
                    httpDecoderConfiguration: .init(
                        maxHeaderFieldSize: Self.headerBytesMax, maxHeaderListSize: Self.headerBytesMax,
                        maxHeaderFieldCount: 100))),
            configuration: ApplicationConfiguration(
                address: .hostname(listen.host, port: listen.port),
                availableConnectionsDelegate: .maximum(Self.connectionsMax, logger: logger)),
            onServerRunning: { channel in await onBound(channel.localAddress?.port ?? 0) },
            logger: logger)
    }
}
