/// Why a reactor could not be started. `systemError` is an errno.
package enum ReactorError: Error, Hashable, Sendable, CustomStringConvertible {
    case noThread(systemError: Int32)
    case noPoll(systemError: Int32)
    case noResolver(text: String)
    case noTransfers(text: String)

    package var description: String {
        switch self {
        case .noThread(let number): "cannot start a probing thread: \(SystemError.text(number))"
        case .noPoll(let number): "cannot open an epoll set for probing: \(SystemError.text(number))"
        case .noResolver(let text): "cannot start the name resolver: \(text)"
        case .noTransfers(let text): "cannot start libcurl: \(text)"
        }
    }
}
