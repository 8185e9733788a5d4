/// What a reactor's loop can call: a probe on its way, the curl multi handle, the resolver's channel, the waker.
/// Lives on the reactor's thread alone and outlives the loop's turns, so the loop keeps unretained references to it.
class LoopMember {
    /// Place in the loop's heap of deadlines; -1 when it waits for none.
    final var deadlinePlace = -1

    /// A watched socket can be read or written, or has failed. `events`: EPOLL bits.
    func ready(_ socket: Int32, _ events: UInt32) {}

    /// The instant given to the loop has passed.
    func deadlinePassed(_ nowNs: Int64) {}
}
