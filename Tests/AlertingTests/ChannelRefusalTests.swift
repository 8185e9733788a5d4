import Support
import Testing
import Vocabulary

@testable import Alerting

/// Every mistake stands at line 3, column 5 of sonde.yaml: see `SettingLiteral`.
@Suite("Channel settings that are refused")
struct ChannelRefusalTests {
    struct Refusal: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let kind: String
        let settings: @Sendable () -> SettingLiteral
        let texts: [String]

        init(
            _ name: String, _ kind: String, _ settings: @escaping @autoclosure @Sendable () -> SettingLiteral,
            _ texts: String...
        ) {
            testDescription = name
            self.kind = kind
            self.settings = settings
            self.texts = texts
        }
    }

    static let refusals = [
        Refusal("unknown kind", "webhok", [:], "unknown kind \"webhok\" of channel \"ops\"; did you mean \"webhook\"?"),
        Refusal(
            "no url", "webhook", ["timeout": "5s"],
            "webhook channel \"ops\" has no url; give it one, such as \"url: https://hooks.example.com/\""),
        Refusal(
            "a bare text", "webhook", "https://hooks.example.com",
            "channels.ops.webhook must be a map of keys in webhook channel \"ops\""),
        Refusal(
            "another scheme", "webhook", ["url": "ftp://example.com/"],
            "channels.ops.webhook.url must begin with http:// or https://, not \"ftp://example.com/\""),
        Refusal(
            "an empty url", "webhook", ["url": ""],
            "channels.ops.webhook.url must begin with http:// or https://, not \"\""),
        Refusal(
            "a secret url that is none", "webhook", ["url": .secret("hooks.example.com/T0P", shown: "${OPS_URL}")],
            "channels.ops.webhook.url must begin with http:// or https://, not \"${OPS_URL}\""),
        Refusal(
            "no host", "webhook", ["url": "http://"],
            "channels.ops.webhook.url is no URL: \"http://\" (No host part in the URL)"),
        Refusal(
            "a bad port", "webhook", ["url": "http://a:99999/"],
            "channels.ops.webhook.url is no URL: \"http://a:99999/\" "
                + "(Port number was not a decimal number between 0 and 65535)"),
        Refusal(
            "headers that are a list", "webhook", ["url": "http://a/", "headers": ["X-A: 1"]],
            "channels.ops.webhook.headers must be a map of names and values"),
        Refusal(
            "a header that is no name", "webhook", ["url": "http://a/", "headers": ["X A": "1", "": "2"]],
            "\"X A\" in channels.ops.webhook.headers is not the name of a header",
            "\"\" in channels.ops.webhook.headers is not the name of a header"),
        Refusal(
            "a header of two lines", "webhook", ["url": "http://a/", "headers": ["X-A": "1\r\nX-B: 2"]],
            "channels.ops.webhook.headers.X-A holds a control character; a header is one line of text"),
        Refusal(
            "a header of its own", "webhook", ["url": "http://a/", "headers": ["content-type": "text/plain"]],
            "\"content-type\" in channels.ops.webhook.headers is set by the webhook itself; take it out"),
        Refusal(
            "too long a timeout", "webhook", ["url": "http://a/", "timeout": "1h"],
            "channels.ops.webhook.timeout must be from 50ms to 4m, not 1h"),
        Refusal(
            "an authority that is not there", "webhook", ["url": "https://a/", "tls": ["ca": "/nowhere/ca.pem"]],
            "cannot read channels.ops.webhook.tls.ca \"/nowhere/ca.pem\": No such file or directory"),
        Refusal(
            "a key of later", "webhook", ["url": "https://a/", "tls": ["client_cert": "a.pem", "insecure": "yes"]],
            "\"client_cert\" in tls of webhook channel \"ops\" is not built yet; take it out",
            "channels.ops.webhook.tls.insecure must be true or false, not \"yes\""),
        Refusal(
            "no program", "command", [:],
            "command channel \"ops\" has no argv; give it a program, such as \"argv: [/usr/local/bin/page]\""),
        Refusal(
            "an empty list", "command", ["argv": []],
            "command channel \"ops\" has no argv; give it a program, such as \"argv: [/usr/local/bin/page]\""),
        Refusal(
            "a program that is not there", "command", ["argv": ["/nowhere/page", "--team"]],
            "command channel \"ops\" cannot run \"/nowhere/page\": there is no such program"),
        Refusal(
            "a program that is a folder", "command", ["argv": ["/tmp/"]],
            "command channel \"ops\" cannot run \"/tmp/\": there is no such program"),
        Refusal(
            "a line for a shell", "command", ["argv": "/bin/echo hello"],
            "command channel \"ops\" cannot run \"/bin/echo hello\": there is no such program; "
                + "argv is a list, and no shell splits it"),
        Refusal(
            "an argument that is a map", "command", ["argv": ["true", ["a": "b"]]],
            "channels.ops.command.argv[1] must be a text"),
        Refusal(
            "no time at all", "command", ["argv": ["true"], "timeout": "0s"],
            "channels.ops.command.timeout must be from 50ms to 4m, not 0s"),
    ]

    @Test("each with its place and the way out", arguments: refusals)
    func refusal(refusal: Refusal) {
        let (channel, mistakes) = channel(refusal.kind, refusal.settings())
        #expect(channel == nil)
        #expect(mistakes == refusal.texts.map { "sonde.yaml:3:5: \($0)" })
    }
}
