import Glibc

/// A file descriptor that is closed when its owner ends.
struct Descriptor: ~Copyable {
    let number: Int32

    /// `number`: what a system call gave back; -1 throws its errno.
    init(_ number: Int32) throws(SystemError) {
        guard number >= 0 else { throw SystemError(code: errno) }
        self.number = number
    }

    deinit { close(number) }
}

/// The errno of a system call.
struct SystemError: Error {
    let code: Int32
}
