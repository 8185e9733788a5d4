import Glibc
import Vocabulary

/// What an errno of a socket call means for a probe.
enum SystemError {
    /// `No such file or directory`.
    static func text(_ number: Int32) -> String {
        var buffer = [CChar](repeating: 0, count: 128)
        guard strerror_r(number, &buffer, buffer.count) == 0 else { return "error \(number)" }
        return String(decoding: buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    /// `isImmediate`: the call itself failed, before anything was sent: then a missing route is our own.
    static func cause(_ number: Int32, isImmediate: Bool) -> Cause {
        switch number {
        case EMFILE, ENFILE: .noDescriptors
        case ENOMEM, ENOBUFS: .noMemory
        case ECONNREFUSED: .refused
        case ECONNRESET, EPIPE, ECONNABORTED: .reset
        case ETIMEDOUT: .timeoutConnect
        case ENETUNREACH: isImmediate ? .noRoute : .unreachable
        case EACCES, EPERM, EAFNOSUPPORT, EINVAL, ENODEV: isImmediate ? .noRoute : .unreachable
        case EHOSTUNREACH, ENETDOWN, EHOSTDOWN, ENOPROTOOPT, EPROTO: .unreachable
        // No local port is left for this destination.
        case EADDRNOTAVAIL, EADDRINUSE: .noDescriptors
        default: .internalFault
        }
    }
}
