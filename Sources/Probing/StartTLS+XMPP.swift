/// XMPP: a stream to the domain, its features, starttls, proceed. Source: RFC 6120, 4.2 and 5.4.
struct XMPPStartTLS: StartTLS {
    static let name = "xmpp"

    private let domain: String
    /// A first tag has come.
    private var isOpen = false
    private var isAsked = false
    private var isOffered = false
    /// The tag before this one opened a refusal, which this one names.
    private var refusal: String?

    init(domain: String) { self.domain = domain }

    /// A host name needs no escaping.
    var opening: [UInt8] {
        Array(
            ("<?xml version='1.0'?><stream:stream to='\(domain)' version='1.0' xmlns='jabber:client' "
                + "xmlns:stream='http://etherx.jabber.org/streams'>").utf8)
    }

    mutating func next(_ unread: Span<UInt8>) -> StartTLSMove {
        var start = 0
        while start < unread.count, unread[start] != UInt8(ascii: "<") {
            // White space keeps connections alive; other text stands only inside of elements.
            guard isOpen || unread[start] <= UInt8(ascii: " ") else {
                return .wrong("this is not XMPP: \(unread.text(0..<min(40, unread.count)))")
            }
            start += 1
        }
        guard start < unread.count else { return StartTLSMove(used: start, action: .wait) }
        var end = start
        var quote: UInt8?
        while end < unread.count, quote != nil || unread[end] != UInt8(ascii: ">") {
            let byte = unread[end]
            if byte == quote {
                quote = nil
            } else if quote == nil, byte == UInt8(ascii: "'") || byte == UInt8(ascii: "\"") {
                quote = byte
            }
            end += 1
        }
        guard end - start < StartTLSProtocols.pieceMax else {
            return .wrong("a tag of more than \(StartTLSProtocols.pieceMax) bytes")
        }
        guard end < unread.count else { return StartTLSMove(used: start, action: .wait) }
        isOpen = true
        return StartTLSMove(used: end + 1, action: heard(unread.text(start + 1..<end)))
    }

    /// `tag`: without its brackets.
    private mutating func heard(_ tag: String) -> StartTLSMove.Action {
        let name = XMPPStartTLS.localName(tag)
        if let refusal { return .refused(name == refusal ? name : "\(refusal): \(name)") }
        switch name {
        case "starttls":
            isOffered = true
            return .wait
        case "/features":
            if isAsked { return .wait }
            isAsked = true
            return isOffered
                ? .say("<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>")
                : .refused("starttls is not among its features")
        // `<stream:features/>`: none at all.
        case "features" where tag.hasSuffix("/"): return .refused("starttls is not among its features")
        case "proceed": return isAsked ? .ready : .wrong("it proceeds before it was asked")
        case "failure" where tag.hasSuffix("/"): return .refused(name)
        case "failure", "error":
            refusal = name
            return .wait
        case "/stream": return .refused("it ended the stream")
        case "html", "!doctype": return .wrong("this is not XMPP: <\(tag)>")
        default: return .wait
        }
    }

    /// `stream:features` → `features`, `/stream:features` → `/features`, `proceed xmlns='…'/` → `proceed`.
    private static func localName(_ tag: String) -> String {
        let isEnd = tag.hasPrefix("/")
        let name = tag.drop { $0 == "/" }.prefix { !" \t\r\n/".contains($0) }
        let local = name.split(separator: ":", maxSplits: 1).last.map(String.init) ?? ""
        return (isEnd ? "/" : "") + local.lowercased()
    }
}
