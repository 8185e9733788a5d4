import Testing

@testable import Probing

/// The dialogues that lead to TLS, without a network: what comes, in pieces of any size, and what is done about it.
@Suite struct UnitStartTLSTests {
    struct Row: Sendable, CustomTestStringConvertible {
        let name: String
        let protocolName: String
        /// What the target says, one text for each time it is asked; the first before or after the opening.
        let heard: [[UInt8]]
        let said: [String]
        let end: StartTLSMove.Action
        var testDescription: String { name }

        init(_ name: String, _ protocolName: String, _ heard: [String], said: [String], _ end: StartTLSMove.Action) {
            self.init(name, protocolName, bytes: heard.map { Array($0.utf8) }, said: said, end)
        }

        init(
            _ name: String, _ protocolName: String, bytes: [[UInt8]], said: [String], _ end: StartTLSMove.Action
        ) {
            self.name = name
            self.protocolName = protocolName
            self.heard = bytes
            self.said = said
            self.end = end
        }
    }

    static let ehlo = "EHLO sonde.invalid\r\n"
    static let extensions = "250-mx.test\r\n250-SIZE 1000\r\n250-StartTLS\r\n250 HELP\r\n"
    static let stream =
        "<?xml version='1.0'?><stream:stream to='shop.test' version='1.0' xmlns='jabber:client' "
        + "xmlns:stream='http://etherx.jabber.org/streams'>"
    static let starttls = "<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>"
    static let header = "<?xml version='1.0'?>\n<stream:stream from='shop.test' id=\"a>b\" version='1.0'>"
    static let features =
        header + "<stream:features><starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'><required/></starttls>"
        + "</stream:features>"

    /// ExtendedResponse of a result code and words, in BER.
    static func ldap(_ code: UInt8, _ words: String = "", message: UInt8 = 1) -> [UInt8] {
        let response = [10, 1, code, 4, 0, 4, UInt8(words.utf8.count)] + Array(words.utf8)
        let content = [2, 1, message, 0x78, UInt8(response.count)] + response
        return [0x30, UInt8(content.count)] + content
    }

    static func mysql(_ payload: [UInt8]) -> [UInt8] { [UInt8(payload.count), 0, 0, 0] + payload }
    static func greeting(capabilities: [UInt8]) -> [UInt8] {
        mysql([10] + Array("8.0.1".utf8) + [0] + [1, 0, 0, 0] + [UInt8](repeating: 7, count: 8) + [0] + capabilities)
    }

    static let rows: [Row] = [
        Row(
            "smtp", "smtp", ["220-wait\r\n220 mx.test ESMTP\r\n", extensions, "220 go ahead\r\n"],
            said: ["", ehlo, "STARTTLS\r\n"], .ready),
        Row(
            "smtp, bare line ends", "smtp", ["220 a\n", "250 STARTTLS\n", "220 b\n"], said: ["", ehlo, "STARTTLS\r\n"],
            .ready),
        Row("smtp that is full", "smtp", ["421 too many\r\n"], said: [""], .refused("421 too many")),
        Row(
            "smtp without the extension", "smtp", ["220 a\r\n", "250-SIZE\r\n250 HELP\r\n"], said: ["", ehlo],
            .refused("STARTTLS is not among its extensions")),
        Row("smtp without EHLO", "smtp", ["220 a\r\n", "502 what?\r\n"], said: ["", ehlo], .refused("502 what?")),
        Row(
            "smtp that changes its mind", "smtp", ["220 a\r\n", extensions, "454 not now\r\n"],
            said: ["", ehlo, "STARTTLS\r\n"], .refused("454 not now")),
        Row(
            "smtp that is something else", "smtp", ["SSH-2.0-x\r\n"], said: [""], .wrong("this is not SMTP: SSH-2.0-x")),
        Row("smtp with a word of four digits", "smtp", ["2200 a\r\n"], said: [""], .wrong("this is not SMTP: 2200 a")),
        Row(
            "imap", "imap", ["* OK ready\r\n", "* CAPABILITY x\r\na OK now\r\n"], said: ["", "a STARTTLS\r\n"], .ready),
        Row(
            "imap that refuses", "imap", ["* OK\r\n", "a NO never\r\n"], said: ["", "a STARTTLS\r\n"],
            .refused("a NO never")),
        Row(
            "imap that does not know", "imap", ["* OK x\r\n", "a BAD what\r\n"], said: ["", "a STARTTLS\r\n"],
            .refused("a BAD what")),
        Row("imap that says goodbye", "imap", ["* BYE full\r\n"], said: [""], .refused("* BYE full")),
        Row("imap that is logged in", "imap", ["* PREAUTH hi\r\n"], said: [""], .refused("* PREAUTH hi")),
        Row("imap that is something else", "imap", ["220 hi\r\n"], said: [""], .wrong("this is not IMAP: 220 hi")),
        Row("pop3", "pop3", ["+OK hi\r\n", "+OK go\r\n"], said: ["", "STLS\r\n"], .ready),
        Row("pop3 that refuses", "pop3", ["+OK hi\r\n", "-ERR no\r\n"], said: ["", "STLS\r\n"], .refused("-ERR no")),
        Row("pop3 that is something else", "pop3", ["* OK\r\n"], said: [""], .wrong("this is not POP3: * OK")),
        Row(
            "ftp", "ftp", ["220-hello\r\n230 not yet\r\n 220 nor yet\r\n220 ready\r\n", "234 go\r\n"],
            said: ["", "AUTH TLS\r\n"], .ready),
        Row(
            "ftp that takes its time", "ftp", ["120 a minute\r\n220 hi\r\n", "234 go\r\n"], said: ["", "AUTH TLS\r\n"],
            .ready),
        Row("ftp that refuses", "ftp", ["220 hi\r\n", "530 no\r\n"], said: ["", "AUTH TLS\r\n"], .refused("530 no")),
        Row("ftp that is closed", "ftp", ["421 closed\r\n"], said: [""], .refused("421 closed")),
        Row("ftp that is something else", "ftp", ["hello\r\n"], said: [""], .wrong("this is not FTP: hello")),
        Row("postgres", "postgres", ["S"], said: ["\u{0}\u{0}\u{0}\u{8}"], .ready),
        Row("postgres without TLS", "postgres", ["N"], said: ["\u{0}\u{0}\u{0}\u{8}"], .refused("N, it takes no TLS")),
        Row(
            "postgres with half an error", "postgres",
            bytes: [[69, 0, 0, 0, 19] + Array("SFATAL\0Mfull\0".utf8) + [0]],
            said: ["\u{0}\u{0}\u{0}\u{8}"], .wait),
        Row(
            "postgres with an error", "postgres",
            bytes: [[69, 0, 0, 0, 18] + Array("SFATAL\0Mfull\0".utf8) + [0]],
            said: ["\u{0}\u{0}\u{0}\u{8}"], .refused("full")),
        Row(
            "postgres that is something else", "postgres", ["HTTP"], said: ["\u{0}\u{0}\u{0}\u{8}"],
            .wrong("this is not PostgreSQL: HTTP")),
        Row("ldap", "ldap", bytes: [ldap(0)], said: ["0\u{1d}\u{2}\u{1}\u{1}w"], .ready),
        Row(
            "ldap that refuses", "ldap", bytes: [ldap(2, "no TLS")], said: ["0\u{1d}\u{2}\u{1}\u{1}w"],
            .refused("result 2: no TLS")),
        Row("ldap without words", "ldap", bytes: [ldap(53)], said: ["0\u{1d}\u{2}\u{1}\u{1}w"], .refused("result 53")),
        Row(
            "ldap with a long length", "ldap", bytes: [[0x30, 0x84, 0, 0, 0, 12] + Array(ldap(0).dropFirst(2))],
            said: ["0\u{1d}\u{2}\u{1}\u{1}w"], .ready),
        Row(
            "ldap with an endless length", "ldap", bytes: [[0x30, 0x80, 2, 1, 1]], said: ["0\u{1d}\u{2}\u{1}\u{1}w"],
            .wrong("this is not LDAP: a length that makes no sense")),
        Row(
            "ldap with a message past the bound", "ldap", bytes: [[0x30, 0x82, 15, 253]],
            said: ["0\u{1d}\u{2}\u{1}\u{1}w"], .wrong("a message of more than 4096 bytes")),
        Row(
            "ldap with half a message at the bound", "ldap", bytes: [[0x30, 0x82, 15, 252]],
            said: ["0\u{1d}\u{2}\u{1}\u{1}w"], .wait),
        Row(
            "ldap with an answer to something else", "ldap", bytes: [[0x30, 6, 2, 1, 1, 0x61, 1, 0]],
            said: ["0\u{1d}\u{2}\u{1}\u{1}w"], .wrong("this is not an answer to StartTLS")),
        Row(
            "ldap that is something else", "ldap", ["+OK"], said: ["0\u{1d}\u{2}\u{1}\u{1}w"],
            .wrong("this is not LDAP: +OK")),
        Row("xmpp", "xmpp", [features, "<proceed xmlns='x'/>"], said: [stream, starttls], .ready),
        Row(
            "xmpp without the feature", "xmpp", [header + "<stream:features><bind/></stream:features>"], said: [stream],
            .refused("starttls is not among its features")),
        Row(
            "xmpp without any feature", "xmpp", [header + "<stream:features/>"], said: [stream],
            .refused("starttls is not among its features")),
        Row(
            "xmpp that refuses", "xmpp", [features, "<failure xmlns='x'/>"], said: [stream, starttls],
            .refused("failure")),
        Row(
            "xmpp with an unknown domain", "xmpp", [header + "<stream:error><host-unknown xmlns='x'/></stream:error>"],
            said: [stream], .refused("error: host-unknown")),
        Row(
            "xmpp that proceeds too soon", "xmpp", [header + "<proceed/>"], said: [stream],
            .wrong("it proceeds before it was asked")),
        Row("xmpp that is HTTP", "xmpp", ["HTTP/1.1 400"], said: [stream], .wrong("this is not XMPP: HTTP/1.1 400")),
        Row("xmpp that is a page", "xmpp", ["<html><body>"], said: [stream], .wrong("this is not XMPP: <html>")),
        Row("mysql", "mysql", bytes: [greeting(capabilities: [0xff, 0xff])], said: [""], .ready(sslRequest)),
        Row(
            "mysql without TLS", "mysql", bytes: [greeting(capabilities: [0xff, 0xf7])], said: [""],
            .refused("TLS is not among its capabilities")),
        Row(
            "mysql that blocks us", "mysql", bytes: [mysql([255, 0x6a, 4] + Array("Host is blocked".utf8))], said: [""],
            .refused("Host is blocked")),
        Row("mysql of long ago", "mysql", bytes: [mysql([9, 0])], said: [""], .wrong("a greeting of version 9")),
        Row(
            "mysql that is cut short", "mysql", bytes: [mysql([10, 56, 0, 1])], said: [""],
            .wrong("a greeting that is cut short")),
        Row(
            "mysql that is something else", "mysql", ["220 mx.test\r\n"], said: [""],
            .wrong("this is not MySQL: 220 mx.test\r\n")),
    ]

    static let sslRequest: [UInt8] =
        [32, 0, 0, 1, 0, 0x8a, 0, 0, 0, 0, 0, 1, 45] + [UInt8](repeating: 0, count: 23)

    /// What comes of a whole conversation, given in pieces of `size` bytes.
    private static func converse(_ row: Row, size: Int) throws -> (said: [String], end: StartTLSMove.Action) {
        let type = try #require(StartTLSProtocols.all.first { $0.name == row.protocolName })
        var machine = type.init(domain: "shop.test")
        var said = [String(decoding: machine.opening, as: UTF8.self)]
        var unread: [UInt8] = []
        for text in row.heard {
            var rest = text[...]
            turns: while true {
                let move = machine.next(unread.span)
                unread.removeFirst(move.used)
                switch move.action {
                case .wait:
                    if move.used > 0, !unread.isEmpty { continue turns }
                    guard !rest.isEmpty else { break turns }
                    unread += rest.prefix(size)
                    rest = rest.dropFirst(size)
                case .say(let bytes):
                    said.append(String(decoding: bytes, as: UTF8.self))
                    #expect(unread.isEmpty && rest.isEmpty, "\(row.name)")
                    break turns
                case .ready, .refused, .wrong: return (said, move.action)
                }
            }
        }
        return (said, .wait)
    }

    @Test("a dialogue says what its protocol wants and ends as it should, whatever the pieces", arguments: rows)
    func dialogues(row: Row) throws {
        // What is wrong is seen in the first piece that shows it.
        var isWrong = false
        if case .wrong = row.end { isWrong = true }
        for size in isWrong ? [10_000] : [1, 2, 3, 7, 10_000] {
            let (said, end) = try Self.converse(row, size: size)
            #expect(end == row.end, "in pieces of \(size)")
            #expect(said.count == row.said.count)
            for (text, start) in zip(said, row.said) { #expect(text.hasPrefix(start)) }
        }
    }

    @Test("a line, a tag or a packet may have 4096 bytes and not one more")
    func pieces() throws {
        for (name, start, end) in [
            ("smtp", "220 ", "\r\n"), ("imap", "* OK ", "\r\n"), ("pop3", "+OK ", "\r\n"), ("ftp", "220 ", "\r\n"),
            ("xmpp", "<stream:stream from='", "'>"),
        ] {
            let type = try #require(StartTLSProtocols.all.first { $0.name == name })
            func move(_ count: Int) -> StartTLSMove {
                var machine = type.init(domain: "shop.test")
                let padding = String(repeating: "x", count: count - start.utf8.count - end.utf8.count)
                return machine.next(Array((start + padding + end).utf8).span)
            }
            #expect(move(4096).used == 4096, "\(name)")
            guard case .wrong = move(4097).action else {
                Issue.record("\(name) takes 4097 bytes")
                continue
            }
        }
    }

    @Test("no bytes make a dialogue fail in any other way than with words")
    func hostileBytes() {
        var state: UInt64 = 1
        func random() -> UInt64 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return state >> 33
        }
        for type in StartTLSProtocols.all {
            let seeds = Self.rows.filter { $0.protocolName == type.name }.flatMap(\.heard)
            for _ in 0..<2000 {
                var machine = type.init(domain: "shop.test")
                var bytes = seeds[Int(random() % UInt64(seeds.count))] + seeds[Int(random() % UInt64(seeds.count))]
                for _ in 0..<random() % 4 where !bytes.isEmpty {
                    bytes[Int(random() % UInt64(bytes.count))] = UInt8(truncatingIfNeeded: random())
                }
                var turns = 0
                while turns < 100 {
                    turns += 1
                    let move = machine.next(bytes.span)
                    #expect(move.used <= bytes.count)
                    bytes.removeFirst(move.used)
                    if case .wait = move.action, move.used == 0 { break }
                }
            }
        }
    }
}
