import Loopback
import Support
import Testing

/// Mistakes in `tls:` blocks and dialogues, in exact words.
@Suite struct TLSRefusalTests {
    private func tls(_ block: SettingLiteral, kind: String = "tls") -> Candidate {
        Candidate(
            kind: kind,
            settings: kind == "http"
                ? ["url": "https://a.test/", "tls": block] : ["address": "a.test:443", "tls": block])
    }

    private func steps(_ steps: SettingLiteral, _ more: (String, SettingLiteral)...) -> Candidate {
        Candidate(
            kind: "tcp",
            settings: .map(
                [(key: "address", value: "a.test:25"), (key: "steps", value: steps)]
                    + more.map { (key: $0.0, value: $0.1) }))
    }

    @Test("a client certificate that cannot be used is a mistake at its place")
    func clientCertificates() throws {
        let tool = try OpenSSLTool()
        let one = try tool.issue("one", extensions: "basicConstraints=CA:FALSE")
        let other = try tool.issue("other", extensions: "basicConstraints=CA:FALSE")
        let weak = try tool.issue("weak", extensions: "basicConstraints=CA:FALSE", key: ["rsa:1024"])
        try tool.openssl(["ec", "-in", one.key, "-aes256", "-passout", "pass:x", "-out", tool.path("locked.key")])
        func both(_ certificate: String, _ key: String) -> Candidate {
            tls(["client_cert": .text(certificate), "client_key": .text(key)])
        }
        let rows: [(Candidate, [String])] = [
            (both(one.certificate, one.key), []),
            (
                both(one.certificate, other.key),
                ["5:5: cannot use the key in \"\(other.key)\": it does not belong to the certificate in client_cert"]
            ),
            (
                both(one.certificate, tool.path("locked.key")),
                [
                    "5:5: cannot use the key in \"\(tool.path("locked.key"))\": it is encrypted, and nobody is there to be "
                        + "asked for the passphrase"
                ]
            ),
            (
                both(one.certificate, one.certificate),
                ["5:5: cannot use the key in \"\(one.certificate)\": it holds no PEM private key"]
            ),
            (
                both(one.key, one.key),
                ["4:5: cannot use the client certificate in \"\(one.key)\": it holds no PEM certificate"]
            ),
            (
                both("/nowhere/a.pem", one.key),
                ["4:5: cannot use the client certificate in \"/nowhere/a.pem\": No such file or directory"]
            ),
            (
                both(one.certificate, "/nowhere/a.key"),
                ["5:5: cannot use the key in \"/nowhere/a.key\": No such file or directory"]
            ),
            (
                both(weak.certificate, weak.key),
                [
                    "4:5: cannot use the client certificate in \"\(weak.certificate)\": OpenSSL counts its key or "
                        + "signature as too weak"
                ]
            ),
            (
                tls(["client_cert": .text(one.certificate)]),
                ["4:5: \"client_cert\" in tls of tls check \"shop\" needs \"client_key\" beside it"]
            ),
            (
                tls(["client_key": .text(one.key)], kind: "http"),
                ["4:5: \"client_key\" in tls of http check \"shop\" needs \"client_cert\" beside it"]
            ),
        ]
        for (candidate, mistakes) in rows { #expect(Candidate.mistakes(of: [candidate]) == [mistakes]) }
    }

    @Test("ciphers, protocols and ocsp are refused in words where they make no sense")
    func blocks() {
        let unknown = { (words: String) in
            "ciphers of tls of tls check \"shop\" must be OpenSSL's names of cipher suites, such as "
                + "ECDHE-RSA-AES128-GCM-SHA256 or TLS_AES_128_GCM_SHA256, not \"\(words)\""
        }
        let rows: [(Candidate, [String])] = [
            (tls(["ciphers": "HIGH:!aNULL:@SECLEVEL=1"]), []),
            (tls(["ciphers": ["ECDHE+AESGCM", "TLS_AES_256_GCM_SHA384"]]), []),
            (tls(["ciphers": "AES-1"]), ["4:5: " + unknown("AES-1")]),
            (tls(["ciphers": ["HIGH", "HIHG"]]), ["6:7: " + unknown("HIHG")]),
            (tls(["ciphers": "TLS_AES_1"]), ["4:5: " + unknown("TLS_AES_1")]),
            (tls(["ciphers": "HIGH:@WEAK"]), ["4:5: " + unknown("HIGH:@WEAK")]),
            (tls(["ciphers": ":"]), ["4:5: " + unknown(":")]),
            (
                tls(["ciphers": .list([])]),
                ["4:5: ciphers of tls of tls check \"shop\" must name at least one cipher suite"]
            ),
            (
                tls(["ciphers": "AES:!AES"]),
                ["4:5: ciphers of tls of tls check \"shop\" leave no cipher suite to offer"]
            ),
            (
                tls(["alpn": "h2"], kind: "http"),
                ["4:5: \"alpn\" in tls of http check \"shop\" follows from http_version; take it out"]
            ),
            (tls(["alpn": .list([])]), ["4:5: alpn of tls of tls check \"shop\" must name at least one protocol"]),
            (tls(["alpn": [.text(String(repeating: "x", count: 255))]]), []),
            (
                tls(["alpn": [.text(String(repeating: "x", count: 256))]]),
                [
                    "5:7: a protocol of alpn must have 1 to 255 bytes, not \"\(String(repeating: "x", count: 256))\""
                ]
            ),
            (tls(["alpn": [""]]), ["5:7: a protocol of alpn must have 1 to 255 bytes, not \"\""]),
            (
                tls(["ocsp": "stapeld"]),
                ["4:5: checks[0].tls.tls.ocsp must be off or stapled, not \"stapeld\"; did you mean \"stapled\"?"]
            ),
            (
                tls(["insecure": true, "ocsp": "stapled"]),
                [
                    "5:5: tls of tls check \"shop\" has both \"insecure\" and \"ocsp\"; who signed the answer cannot be "
                        + "known without trust, so keep one"
                ]
            ),
            (
                Candidate(kind: "tls", settings: ["address": "a.test:25", "starttls": "stmp"]),
                [
                    "3:3: checks[0].tls.starttls must be smtp, imap, pop3, ftp, postgres, ldap, xmpp or mysql, not "
                        + "\"stmp\"; did you mean \"smtp\"?"
                ]
            ),
        ]
        for (candidate, mistakes) in rows { #expect(Candidate.mistakes(of: [candidate]) == [mistakes]) }
    }

    @Test("steps are refused in words where they make no dialogue")
    func dialogues() {
        let most = (0..<32).map { _ in SettingLiteral.map([(key: "expect", value: "x")]) }
        let rows: [(Candidate, [String])] = [
            (steps(.list(most)), []),
            (
                steps(.list(most + [["expect": "x"]])),
                ["3:3: steps of tcp check \"shop\" must hold 1 to 32 steps, not 33"]
            ),
            (steps(.list([])), ["3:3: steps of tcp check \"shop\" must hold 1 to 32 steps, not 0"]),
            (
                steps([["expect": "a", "send": "b"]]),
                [
                    "4:5: a step of tcp check \"shop\" has both \"expect\" and \"send\"; give it one of expect, send or starttls"
                ]
            ),
            (steps(["x"]), ["4:5: checks[0].tcp.steps[0] must be a map of keys in a step of tcp check \"shop\""]),
            (
                steps([["expct": "a"]]),
                [
                    "5:7: unknown key \"expct\" in a step of tcp check \"shop\"; did you mean \"expect\"?",
                    "4:5: a step of tcp check \"shop\" says nothing; give it one of expect, send or starttls",
                ]
            ),
            (
                steps([["expect": "220("]]),
                ["5:7: the regular expression \"220(\" does not compile: missing ): 220("]
            ),
            (
                steps([["starttls": false]]),
                ["4:5: starttls of a step of tcp check \"shop\" must be true; or leave the step out"]
            ),
            (
                steps([["starttls": true], ["starttls": true]]),
                ["6:5: steps of tcp check \"shop\" begin TLS twice; keep one starttls"]
            ),
            (
                steps([["expect": "a"]], ("send", "b")),
                ["6:3: tcp check \"shop\" has both \"steps\" and \"send\"; make it one of the steps"]
            ),
            (
                steps([["expect": "a"]], ("expect", "b")),
                ["6:3: tcp check \"shop\" has both \"steps\" and \"expect\"; make it one of the steps"]
            ),
        ]
        for (candidate, mistakes) in rows { #expect(Candidate.mistakes(of: [candidate]) == [mistakes]) }
    }
}
