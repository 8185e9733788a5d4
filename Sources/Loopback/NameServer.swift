import Glibc
import Synchronization

/// A DNS server on loopback (UDP) that answers as it is told, by name. One thread, joined by `stop`.
package final class NameServer: Sendable {
    /// What is said about a name.
    package indirect enum Answer: Sendable {
        /// IPv4 and IPv6 addresses; a question is given those of its family, perhaps none.
        case addresses([String])
        case nameNotFound
        case serverFailure
        case refused
        /// Not a word.
        case silence
        /// Bytes that are no answer.
        case garbage
        /// One answer to those who ask for IPv4 addresses, another to the others.
        case byFamily(four: Answer, six: Answer)
    }

    package let port: Int
    private let stopping: Signal
    private let desk: Desk
    /// Guards the thread, so that it is joined once.
    private let thread: Mutex<OwnedThread?>

    /// `answers`: by name in small letters, without a dot at the end; the others are not found. `port`: 0 for any.
    package init(_ answers: [String: Answer], port: Int = 0) throws(LoopbackError) {
        let socket = try BoundSocket(address: "127.0.0.1", port: port, type: SOCK_DGRAM)
        self.port = socket.port
        let stopping = try Signal()
        self.stopping = stopping
        let desk = Desk(answers)
        self.desk = desk
        // The thread's alone, so that nobody listens any more once it has ended.
        let held = HeldSocket(socket)
        let started = try OwnedThread(name: "lo-dns") { desk.run(held, until: stopping) }
        thread = Mutex(started)
    }

    deinit { stop() }

    /// How many questions came so far.
    package var questions: Int { desk.questions.withLock { $0 } }

    /// The address the newest question came from; nil before the first.
    package var newestPeer: String? { desk.newestPeer.withLock { $0 } }

    /// Idempotent.
    package func stop() {
        stopping.raise()
        let thread = thread.withLock { thread in
            defer { thread = nil }
            return thread
        }
        thread?.join()
    }

    /// What the server and its thread have in common.
    private final class Desk: Sendable {
        let answers: [String: Answer]
        let questions = Mutex(0)
        let newestPeer = Mutex<String?>(nil)

        init(_ answers: [String: Answer]) { self.answers = answers }

        func run(_ held: HeldSocket, until stopping: Signal) {
            let descriptor = held.socket.descriptor
            while true {
                var waits = [
                    pollfd(fd: stopping.descriptor, events: Int16(POLLIN), revents: 0),
                    pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0),
                ]
                poll(&waits, 2, -1)
                if waits[0].revents != 0 { return }
                if waits[1].revents != 0 { answerOne(descriptor) }
            }
        }

        private func answerOne(_ descriptor: Int32) {
            var bytes = [UInt8](repeating: 0, count: 512)
            var peer = sockaddr_storage()
            var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
            withUnsafeMutablePointer(to: &peer) { pointer in
                pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { peer in
                    let count = recvfrom(descriptor, &bytes, bytes.count, 0, peer, &length)
                    guard let question = DNSQuestion(bytes.prefix(max(0, count))) else { return }
                    questions.withLock { $0 += 1 }
                    newestPeer.withLock { $0 = SocketAddress(peer, length)?.host }
                    guard let answer = question.reply(answers[question.name] ?? .nameNotFound) else { return }
                    sendto(descriptor, answer, answer.count, 0, peer, length)
                }
            }
        }
    }
}

/// One question as it came. Source: RFC 1035, 4.1.
struct DNSQuestion {
    private static let typeA: UInt8 = 1
    private static let typeAAAA: UInt8 = 28

    let name: String
    private let type: UInt8
    /// Its number, to be repeated in the answer.
    private let number: ArraySlice<UInt8>
    /// The question's own bytes, to be repeated, too.
    private let section: ArraySlice<UInt8>

    /// nil when the bytes are no question of one name.
    init?(_ message: ArraySlice<UInt8>) {
        let bytes = Array(message)
        guard bytes.count > 12 else { return nil }
        var labels: [String] = []
        var place = 12
        while place < bytes.count, bytes[place] != 0 {
            let end = place + 1 + Int(bytes[place])
            guard end < bytes.count else { return nil }
            labels.append(String(decoding: bytes[(place + 1)..<end], as: UTF8.self).lowercased())
            place = end
        }
        // The zero label, two bytes of type, two of class.
        guard place + 4 < bytes.count else { return nil }
        name = labels.joined(separator: ".")
        type = bytes[place + 2]
        number = bytes[0..<2]
        section = bytes[12...(place + 4)]
    }

    /// The message to send back; nil for silence.
    func reply(_ answer: NameServer.Answer) -> [UInt8]? {
        switch answer {
        case .addresses(let addresses): message(code: 0, addresses.compactMap { address(of: $0) })
        case .serverFailure: message(code: 2, [])
        case .nameNotFound: message(code: 3, [])
        case .refused: message(code: 5, [])
        case .silence: nil
        // An answer that claims records and holds none.
        case .byFamily(let four, let six): reply(type == DNSQuestion.typeAAAA ? six : four)
        case .garbage: number + [0x81, 0x80, 0, 1, 0, 9, 0, 0, 0, 0] + section + [0xff, 0xff, 0xff]
        }
    }

    private func message(code: UInt8, _ addresses: [[UInt8]]) -> [UInt8] {
        // A response to a recursive question, one question, as many answers as there are addresses.
        var message = number + [0x81, 0x80 | code, 0, 1, 0, UInt8(addresses.count), 0, 0, 0, 0] + section
        for address in addresses {
            // The name of the question (a pointer to byte 12), its type, class IN, 60 s to live, length, address.
            message += [0xc0, 12, 0, type, 0, 1, 0, 0, 0, 60, 0, UInt8(address.count)] + address
        }
        return Array(message)
    }

    /// The address's bytes when it is of the family that was asked for.
    private func address(of text: String) -> [UInt8]? {
        let isSix = text.contains(":")
        guard type == (isSix ? DNSQuestion.typeAAAA : DNSQuestion.typeA) else { return nil }
        var bytes = [UInt8](repeating: 0, count: isSix ? 16 : 4)
        return inet_pton(isSix ? AF_INET6 : AF_INET, text, &bytes) == 1 ? bytes : nil
    }
}
