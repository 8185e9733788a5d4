import Testing
import Vocabulary

/// One settings mistake, or several at once, and the exact words that name them.
@Suite struct RefusalTests {
    struct Row: Sendable, CustomTestStringConvertible {
        let name: String
        let candidate: Candidate
        /// `LINE:COLUMN: TEXT`.
        let mistakes: [String]
        var testDescription: String { name }

        init(
            _ name: String, _ kind: String, _ settings: SettingLiteral, expect: SettingLiteral? = nil,
            _ mistakes: [String]
        ) {
            self.name = name
            candidate = Candidate(kind: kind, settings: settings, expect: expect)
            self.mistakes = mistakes
        }
    }

    static let url = "http://a.test/"

    static let rows = [
        Row("unknown kind", "htp", "x", ["1:1: unknown kind \"htp\" in check \"shop\"; did you mean \"http\"?"]),
        Row("no url", "http", ["method": "GET"], ["1:1: http check \"shop\" needs \"url\""]),
        Row("no address", "tcp", ["send": "x"], ["1:1: tcp check \"shop\" needs \"address\""]),
        Row(
            "a list of settings", "http", ["http://a.test/"],
            [
                "1:1: checks[0].http must be a map of keys in http check \"shop\"",
                "1:1: http check \"shop\" needs \"url\"",
            ]),
        Row(
            "not a URL", "http", "a.test",
            [
                "1:1: checks[0].http must be a URL such as https://example.com/health, not \"a.test\""
            ]),
        Row(
            "a URL with a user name", "http", "http://user:password@a.test/",
            ["1:1: checks[0].http must not hold a user name; send an Authorization header instead"]),
        Row(
            "a host that is no name", "http", "http://a..b/",
            ["1:1: checks[0].http has no host name that can be looked up: \"a..b\""]),
        Row(
            "a URL with a space", "http", "http://a.test/a b",
            ["1:1: checks[0].http is not a URL: \"http://a.test/a b\" (Bad path)"]),
        Row(
            "another scheme", "http", ["url": "ftp://a.test/"],
            [
                "2:3: checks[0].http.url must begin with http:// or https://, not ftp://"
            ]),
        Row(
            "an address without a port", "tcp", "a.test",
            [
                "1:1: checks[0].tcp must be HOST:PORT, such as mx.example.com:25 or [2001:db8::1]:25, not \"a.test\""
            ]),
        Row(
            "a port past the last", "tls", "a.test:65536",
            [
                "1:1: checks[0].tls must be HOST:PORT, such as mx.example.com:25 or [2001:db8::1]:25, "
                    + "not \"a.test:65536\""
            ]),
        Row(
            "body and body_file", "http", ["url": .text(url), "body": "x", "body_file": "/nowhere/x"],
            [
                "4:3: http check \"shop\" has both \"body\" and \"body_file\"; keep one"
            ]),
        Row(
            "a body_file that is not there", "http", ["url": .text(url), "body_file": "/nowhere/x"],
            [
                "3:3: cannot read body_file \"/nowhere/x\": No such file or directory"
            ]),
        Row(
            "a ca that is not there", "tls", ["address": "a.test:443", "tls": ["ca": "/nowhere/ca.pem"]],
            [
                "4:5: cannot use the certificates in \"/nowhere/ca.pem\": No such file or directory"
            ]),
        Row(
            "a ca that is none", "http", ["url": "https://a.test/", "tls": ["ca": "/etc/hosts"]],
            [
                "4:5: cannot use the certificates in \"/etc/hosts\": it holds no PEM certificate"
            ]),
        Row(
            "versions the wrong way round", "tls",
            ["address": "a.test:443", "tls": ["min_version": "1.3", "max_version": "1.2"]],
            ["5:5: max_version of tls check \"shop\" must not be below min_version"]),
        Row(
            "a method in small letters", "http", ["url": .text(url), "method": "get"],
            [
                "3:3: method of http check \"shop\" must be in capital letters, such as GET or POST, not \"get\""
            ]),
        Row(
            "a header with a line end", "http", ["url": .text(url), "headers": ["X-A": "1\r\nX-B: 2"]],
            [
                "4:5: \"X-A\" in headers of http check \"shop\" is not a header field"
            ]),
        Row(
            "https required of http", "http", ["url": .text(url), "require_https": true],
            [
                "3:3: http check \"shop\" requires https, but its url begins with http://"
            ]),
        Row(
            "a flag that is none", "http", ["url": .text(url), "follow": "yes"],
            [
                "3:3: checks[0].http.follow must be true or false, not \"yes\""
            ]),
        Row(
            "too many redirects", "http", ["url": .text(url), "max_redirects": 51],
            [
                "3:3: checks[0].http.max_redirects must be a whole number from 0 to 50, not \"51\""
            ]),
        Row(
            "two credentials", "http",
            ["url": .text(url), "bearer": "t", "basic_auth": ["user": "u", "password": "p"]],
            ["3:3: http check \"shop\" has both \"basic_auth\" and \"bearer\"; keep one"]),
        Row(
            "a credential beside an Authorization header", "http",
            ["url": .text(url), "headers": ["authorization": "x"], "bearer": "t"],
            ["5:3: http check \"shop\" has both \"bearer\" and an Authorization header; keep one"]),
        Row(
            "basic_auth without a password", "http", ["url": .text(url), "basic_auth": ["user": "u"]],
            ["3:3: basic_auth of http check \"shop\" needs \"password\""]),
        Row(
            "a user name with a colon", "http",
            ["url": .text(url), "digest_auth": ["user": "a:b", "password": "p"]],
            ["4:5: user of digest_auth of http check \"shop\" must not hold a colon"]),
        Row(
            "a password of two lines", "http",
            ["url": .text(url), "basic_auth": ["user": "u", "password": "p\nq"]],
            ["5:5: password of basic_auth of http check \"shop\" must be one line"]),
        Row(
            "a bearer with its own word", "http", ["url": .text(url), "bearer": "Bearer t"],
            [
                "3:3: bearer of http check \"shop\" must be one word of visible characters; "
                    + "\"Bearer\" is put before it"
            ]),
        Row(
            "oauth2 that lacks everything", "http", ["url": .text(url), "oauth2": ["scope": "x"]],
            [
                "4:5: unknown key \"scope\" in oauth2 of http check \"shop\"; did you mean \"scopes\"?",
                "3:3: oauth2 of http check \"shop\" needs \"token_url\"",
                "3:3: oauth2 of http check \"shop\" needs \"client_id\"",
                "3:3: oauth2 of http check \"shop\" needs \"client_secret\"",
            ]),
        Row(
            "a scope of two words", "http",
            [
                "url": .text(url),
                "oauth2": [
                    "token_url": "https://id.test/", "client_id": "c", "client_secret": "s", "scopes": ["a b"],
                ],
            ],
            ["8:7: \"a b\" in scopes of oauth2 of http check \"shop\" is not a scope"]),
        Row(
            "https required of a token endpoint", "http",
            [
                "url": "https://a.test/", "require_https": true,
                "oauth2": ["token_url": "http://id.test/", "client_id": "c", "client_secret": "s"],
            ],
            ["5:5: http check \"shop\" requires https, but its token_url begins with http://"]),
        Row(
            "a version that is none", "http", ["url": .text(url), "http_version": "3"],
            ["3:3: checks[0].http.http_version must be auto, 1.0, 1.1 or 2, not \"3\""]),
        Row(
            "compressed beside an Accept-Encoding header", "http",
            ["url": .text(url), "headers": ["Accept-Encoding": "gzip"], "compressed": true],
            ["5:3: http check \"shop\" has both \"compressed\" and an Accept-Encoding header; keep one"]),
        Row(
            "a body limit of another unit", "http", ["url": .text(url), "max_body": "10 GB"],
            [
                "3:3: max_body of http check \"shop\" must be bytes, KiB or MiB up to 1024 MiB, such as 512 KiB, "
                    + "not \"10 GB\""
            ]),
        Row(
            "a pattern that does not compile", "tcp", ["address": "a.test:25", "expect": "220("],
            [
                "3:3: the regular expression \"220(\" does not compile: missing ): 220("
            ]),
        Row(
            "a body pattern that does not compile", "http", .text(url), expect: ["body": ["matches": ["ok", "[a"]]],
            [
                "5:7: the regular expression \"[a\" does not compile: missing ]: [a"
            ]),
        Row(
            "an expectation of another kind", "tcp", "a.test:25", expect: ["status": 200],
            [
                "2:3: tcp cannot check \"status\"; it can check total, legs, certificate, tls, remote_address, cause"
            ]),
        Row(
            "an expectation that nobody knows", "http", .text(url), expect: ["stauts": 200],
            [
                "2:3: unknown key \"stauts\" in expect of http check \"shop\"; did you mean \"status\"?"
            ]),
        Row(
            "a status that is none", "http", .text(url), expect: ["status": ["200-299", "20x", 600]],
            [
                "4:5: status must be a code or range such as 204 or 200-299, from 100 to 599, not \"20x\"",
                "5:5: status must be a code or range such as 204 or 200-299, from 100 to 599, not \"600\"",
            ]),
        Row(
            "a limit that is no duration", "http", .text(url), expect: ["total": ["under": "fast"]],
            [
                "3:5: checks[0].expect.total.under must be a duration such as 250ms, 10s or 1h30m, not \"fast\""
            ]),
        Row(
            "a limit without its key", "http", .text(url), expect: ["total": ["severity": "fail"]],
            [
                "2:3: total of expect of http check \"shop\" needs \"under\", such as {under: 800ms}"
            ]),
        Row(
            "a severity that is none", "http", .text(url), expect: ["total": ["under": "1s", "severity": "fial"]],
            [
                "4:5: checks[0].expect.total.severity must be fail, degrade or warn, not \"fial\""
                    + "; did you mean \"fail\"?"
            ]),
        Row(
            "days beyond ten years", "tls", "a.test:443", expect: ["certificate": ["days_left": 4000]],
            [
                "3:5: checks[0].expect.certificate.days_left must be a whole number from 0 to 3650, not \"4000\""
            ]),
        Row(
            "several mistakes at once", "http",
            ["url": "ftp://a.test/", "folow": true, "proxy": "p:1", "method": "get"],
            [
                "3:3: unknown key \"folow\" in http check \"shop\"; did you mean \"follow\"?",
                "2:3: checks[0].http.url must begin with http:// or https://, not ftp://",
                "5:3: method of http check \"shop\" must be in capital letters, such as GET or POST, not \"get\"",
                "4:3: checks[0].http.proxy must be a proxy such as http://proxy.example.com:3128 or "
                    + "socks5h://127.0.0.1:1080",
            ]),
        Row(
            "a secret is not shown", "http",
            [
                "url": .secret(
                    "ftp://user:hunter22@a.test/", shown: "${TARGET}", secrets: ["ftp://user:hunter22@a.test/"])
            ],
            ["2:3: checks[0].http.url must begin with http:// or https://, not ftp://"]),
    ]

    @Test("a mistake is named by its place and in exact words", arguments: rows)
    func refused(row: Row) {
        #expect(Candidate.mistakes(of: [row.candidate]) == [row.mistakes])
    }
}
