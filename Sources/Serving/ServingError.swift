import Glibc
import Vocabulary

/// The address to listen on cannot be had.
package enum ServingError: Error, Hashable, Sendable, CustomStringConvertible {
    /// Another program listens there.
    case addressInUse(ListenAddress)
    /// Not an address of this machine, an unknown name, a port that is not allowed.
    case cannotListen(ListenAddress, why: String)

    package var description: String {
        switch self {
        case .addressInUse(let address):
            "\(Self.text(address)) is in use by another program; stop that one, or change \"listen:\""
        case .cannotListen(let address, let why):
            "cannot listen on \(Self.text(address)) (\(why)); change \"listen:\""
        }
    }

    /// `error`: what listening ended in. NIO's own type for it would make NIO a dependency of ours, so the text of the
    /// system's error is looked for in the error's.
    init(_ error: any Error, _ address: ListenAddress) {
        let text = "\(error)"
        let codes = [EADDRINUSE, EADDRNOTAVAIL, EACCES, EMFILE, ENFILE]
        switch codes.first(where: { text.contains(String(cString: strerror($0))) }) {
        case EADDRINUSE: self = .addressInUse(address)
        case let code?: self = .cannotListen(address, why: String(cString: strerror(code)))
        case nil:
            self = .cannotListen(address, why: text.contains("UnknownHost") ? "no such name or address" : text)
        }
    }

    private static func text(_ address: ListenAddress) -> String {
        address.host.contains(":") ? "[\(address.host)]:\(address.port)" : "\(address.host):\(address.port)"
    }
}
