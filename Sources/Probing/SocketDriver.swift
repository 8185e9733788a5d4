import Vocabulary

/// Runs the kinds that need no more than a socket and OpenSSL: `tcp` and `tls`.
final class SocketDriver: ProbeDriver {
    private unowned(unsafe) let core: ReactorCore
    private let settings: [SocketSettings?]
    private var pool = FlightPool<SocketFlight>()

    init(core: ReactorCore, settings: [SocketSettings?]) {
        self.core = core
        self.settings = settings
    }

    func start(_ due: Due) {
        guard let settings = settings[Int(due.series.check)] else {
            preconditionFailure("a due probe is started by the driver of its check's kind")
        }
        guard let flight = pool.take({ SocketFlight(core: core, driver: self) }) else {
            return core.refuse(due, .noDescriptors)
        }
        flight.begin(due)
        flight.start(settings)
    }

    func settle() {}

    func dropAll() { pool.dropAll() }

    /// The flight is over and may be used again.
    func landed(_ flight: SocketFlight) { pool.give(flight) }
}
