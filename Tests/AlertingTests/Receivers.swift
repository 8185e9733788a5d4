import Foundation
import Loopback
import Support
import Synchronization
import Vocabulary

@testable import Alerting

/// What a contract test needs of a channel kind: a real receiver that behaves as asked.
protocol Receiver: Sendable {
    static var kind: String { get }
    init(_ behaviour: ReceiverBehaviour) throws
    /// Settings that reach it.
    var settings: SettingLiteral { get }
    /// Called once for each notification, when it has arrived; before that it is not answered.
    var arrived: Handed<Arrival> { get }
}

enum ReceiverBehaviour {
    case takes, fails
    /// Takes what comes in, and then says and does nothing.
    case hangs

    /// Long where it is not to run out, however busy the machine is; short where running out is the test.
    var timeout: SettingLiteral { self == .hangs ? "2s" : "1m" }
}

struct Arrival: Equatable, Sendable {
    let key: String
    let body: String
}

final class WebhookReceiver: Receiver {
    static let kind = "webhook"
    let arrived = Handed<Arrival>()
    private let behaviour: ReceiverBehaviour
    private let server: LoopbackServer

    init(_ behaviour: ReceiverBehaviour) throws {
        self.behaviour = behaviour
        let arrived = arrived
        server = try LoopbackServer(
            .requests { head, body in
                let key = head.split(separator: "\r\n").first { $0.hasPrefix("Idempotency-Key: ") }
                arrived.put(Arrival(key: String(key?.dropFirst(17) ?? ""), body: body))
                switch behaviour {
                case .takes: return HTTPReply(204)
                case .fails: return HTTPReply(500)
                // Longer than any test; stopping the server ends it.
                case .hangs: return HTTPReply(204, delayMs: 600_000)
                }
            })
    }

    var settings: SettingLiteral {
        ["url": "http://\(server.hostAndPort)/in?team=ops", "timeout": behaviour.timeout]
    }
}

final class CommandReceiver: Receiver {
    static let kind = "command"
    let arrived = Handed<Arrival>()
    private let behaviour: ReceiverBehaviour
    private let folder: TemporaryFolder
    private let script: String

    /// The script writes what it got into a named pipe, which a thread of the test reads.
    init(_ behaviour: ReceiverBehaviour) throws {
        self.behaviour = behaviour
        folder = try TemporaryFolder()
        let ending =
            switch behaviour {
            case .takes: "exit 0"
            case .fails: "exit 3"
            case .hangs: "exec sleep 600"
            }
        let pipe = folder.path + "/pipe"
        mkfifo(pipe, 0o600)
        script = try folder.file("receive", "{ echo \"$SONDE_KEY\"; cat; } > '\(pipe)'\n\(ending)")
        let arrived = arrived
        // Opened for writing too, so that reading never sees an end between two scripts.
        let file = FileHandle(fileDescriptor: open(pipe, O_RDWR | O_CLOEXEC), closeOnDealloc: true)
        Thread {
            var rest = ""
            while true {
                let bytes = file.availableData
                rest += String(decoding: bytes, as: UTF8.self)
                while let arrival = Arrival(lines: &rest) {
                    if arrival.key == "end" { return }
                    arrived.put(arrival)
                }
            }
        }.start()
    }

    deinit {
        let pipe = FileHandle(forWritingAtPath: folder.path + "/pipe")
        pipe?.write(Data("end\n\n".utf8))
    }

    var settings: SettingLiteral { ["argv": ["sh", "\(script)"], "timeout": behaviour.timeout] }
}

extension Arrival {
    /// Takes two whole lines from `text`, a key and a body; nil when they have not come yet.
    init?(lines text: inout String) {
        let lines = text.split(separator: "\n", maxSplits: 2, omittingEmptySubsequences: false)
        guard lines.count == 3 else { return nil }
        self.init(key: String(lines[0]), body: String(lines[1]))
        text = String(lines[2])
    }
}
