/// LDAP: the extended operation StartTLS. Source: RFC 4511, 4.12 and 4.14; BER: X.690, 8.1.
struct LDAPStartTLS: StartTLS {
    static let name = "ldap"

    private static let operation = Array("1.3.6.1.4.1.1466.20037".utf8)

    init(domain: String) {}

    /// Message 1: ExtendedRequest (application 23) with the operation's name (context 0).
    var opening: [UInt8] {
        let name = [0x80, UInt8(LDAPStartTLS.operation.count)] + LDAPStartTLS.operation
        let request = [2, 1, 1, 0x77, UInt8(name.count)] + name
        return [0x30, UInt8(request.count)] + request
    }

    mutating func next(_ unread: Span<UInt8>) -> StartTLSMove {
        guard unread.count > 0 else { return .wait }
        guard unread[0] == 0x30 else {
            return .wrong("this is not LDAP: \(unread.text(0..<min(40, unread.count)))")
        }
        switch BERElement.read(unread, at: 0, end: .max) {
        case .cut: return .wait
        case .wrong: return .wrong("this is not LDAP: a length that makes no sense")
        case .whole(let message):
            guard message.content.upperBound <= StartTLSProtocols.pieceMax else {
                return .wrong("a message of more than \(StartTLSProtocols.pieceMax) bytes")
            }
            guard message.content.upperBound <= unread.count else { return .wait }
            return StartTLSMove(used: message.content.upperBound, action: answer(unread, message.content))
        }
    }

    /// A message's number, then ExtendedResponse (application 24): result code, matched name, diagnostic words.
    private func answer(_ unread: Span<UInt8>, _ content: Range<Int>) -> StartTLSMove.Action {
        let parts = BERElement.all(unread, content)
        guard parts.count >= 2, parts[0].tag == 2, parts[1].tag == 0x78 else {
            return .wrong("this is not an answer to StartTLS")
        }
        let result = BERElement.all(unread, parts[1].content)
        guard result.count >= 3, result[0].tag == 10, result[0].content.count == 1 else {
            return .wrong("this is not an answer to StartTLS")
        }
        let code = unread[result[0].content.lowerBound]
        guard code != 0 else { return .ready }
        let words = unread.text(result[2].content)
        return .refused("result \(code)" + (words.isEmpty ? "" : ": \(words)"))
    }
}

/// A tag and the place of its content.
struct BERElement: Equatable {
    let tag: UInt8
    let content: Range<Int>

    enum Reading: Equatable {
        case whole(BERElement)
        /// Its length has not come yet, or leads past the end.
        case cut
        case wrong
    }

    /// Most elements of one that are looked at.
    private static let partsMax = 16

    /// The element at `start`, whose content must end by `end`; definite lengths of up to 4 bytes.
    static func read(_ bytes: Span<UInt8>, at start: Int, end: Int) -> Reading {
        guard start + 2 <= min(bytes.count, end) else { return .cut }
        let first = Int(bytes[start + 1])
        guard first & 0x80 != 0 else { return element(bytes[start], from: start + 2, count: first, end: end) }
        let lengthCount = first & 0x7f
        guard (1...4).contains(lengthCount) else { return .wrong }
        let from = start + 2 + lengthCount
        guard from <= min(bytes.count, end) else { return .cut }
        return element(bytes[start], from: from, count: bytes.number(at: start + 2, count: lengthCount), end: end)
    }

    /// The elements that lie in `range`, which the bytes hold; what is cut ends them.
    static func all(_ bytes: Span<UInt8>, _ range: Range<Int>) -> [BERElement] {
        var elements: [BERElement] = []
        var start = range.lowerBound
        while elements.count < partsMax, case .whole(let element) = read(bytes, at: start, end: range.upperBound) {
            elements.append(element)
            start = element.content.upperBound
        }
        return elements
    }

    private static func element(_ tag: UInt8, from: Int, count: Int, end: Int) -> Reading {
        from + count <= end ? .whole(BERElement(tag: tag, content: from..<from + count)) : .cut
    }
}
