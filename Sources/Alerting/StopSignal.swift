import CNet
import Glibc

/// A flag that blocked threads wait for beside their own descriptors: once raised it stays.
package final class StopSignal: Sendable {
    /// Readable once raised. -1 when the process is out of descriptors: a blocked delivery then ends at its timeout.
    let descriptor: Int32

    /// Never raised.
    static let never = StopSignal(descriptor: -1)

    init() { descriptor = eventfd(0, Int32(EFD_CLOEXEC) | Int32(EFD_NONBLOCK)) }

    private init(descriptor: Int32) { self.descriptor = descriptor }

    deinit { if descriptor >= 0 { close(descriptor) } }

    func raise() { if descriptor >= 0 { eventfd_write(descriptor, 1) } }
}
