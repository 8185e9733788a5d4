import Config
import Support
import Testing
import Vocabulary

/// How one text comes out: what is shown, what is used, what must stay hidden.
struct Filled: CustomTestStringConvertible, Sendable {
    let text: String
    let expected: SettingText
    var testDescription: String { text }

    init(_ text: String, shown: String? = nil, value: String, secrets: [String] = []) {
        self.text = text
        expected = SettingText(shown: shown ?? text, value: value, secrets: secrets)
    }
}

@Suite("Values from outside")
struct ReferenceTests {
    private static let environment = ["TOKEN": "s3cret-${TOKEN}", "HOST": "shop.example.com", "EMPTY": "", "_A1": "x"]

    @Test(
        "references are put into texts once, and shown as they stand in the file",
        arguments: [
            Filled("plain", value: "plain"),
            Filled("Bearer ${TOKEN}", value: "Bearer s3cret-${TOKEN}", secrets: ["s3cret-${TOKEN}"]),
            Filled("${HOST}/${_A1}", value: "shop.example.com/x", secrets: ["shop.example.com", "x"]),
            Filled("https://${public:HOST}/", shown: "https://shop.example.com/", value: "https://shop.example.com/"),
            Filled("${public:NO:-here}", shown: "here", value: "here"),
            Filled("${NO_SUCH:-a:-b}", value: "a:-b"),
            Filled("${EMPTY:-default}", value: "default"),
            Filled("${EMPTY}", value: ""),
            Filled("${NO_SUCH:-}", value: ""),
            Filled("cost $5, $$5, $${HOST} and $", value: "cost $5, $5, ${HOST} and $"),
            Filled("^a$", value: "^a$"),
        ])
    func filled(_ filled: Filled) throws {
        let plan = try readPlan("checks: [{name: a, tcp: '\(filled.text)'}]", environment: Self.environment)
        #expect(plan.checks.first?.settings.entries?.first?.value.text == filled.expected)
    }

    @Test("a file gives its first line; a relative one stands beside the configuration")
    func files() throws {
        let folder = try TemporaryFolder()
        _ = try folder.file("secrets/token", "first\r\nsecond\n")
        let absolute = try folder.file("other", "no line end")
        let path = try folder.file(
            "sonde.yaml", "checks: [{name: a, tcp: '${file:secrets/token}'}, {name: b, tcp: '${file:\(absolute)}'}]")
        let reading = configReader().read(path: path)
        #expect(reading.messages == [])
        let texts = reading.plan?.checks.compactMap { $0.settings.entries?.first?.value.text }
        #expect(
            texts == [
                SettingText(shown: "${file:secrets/token}", value: "first", secrets: ["first"]),
                SettingText(shown: "${file:\(absolute)}", value: "no line end", secrets: ["no line end"]),
            ])
    }

    @Test("a file whose first line is no text is a mistake")
    func badFile() throws {
        let folder = try TemporaryFolder()
        _ = try folder.file("token", "a\0b\n")
        let path = try folder.file("sonde.yaml", "checks: [{name: a, tcp: '${file:token}'}]")
        let expected = "the file \"token\", wanted by checks[0].tcp, does not begin with a line of UTF-8 text"
        #expect(configReader().read(path: path).messages == ["\(path):1:25: \(expected)"])
    }

    @Test("keys are never filled, and a variable that only an unused anchor wants need not be set")
    func keysAndAnchors() throws {
        let plan = try readPlan(
            """
            x-unused: &unused {Authorization: "${NOT_SET}"}
            checks: [{name: a, http: {url: u, headers: {"${HOST}": 1}}}]
            """, environment: Self.environment)
        let headers = plan.checks.first?.settings.entries?.last?.value.entries
        #expect(headers?.map(\.key) == ["${HOST}"])
    }

    @Test("titles and tags, which outputs show, never hold what was put in")
    func shownFields() throws {
        let plan = try readPlan(
            "checks: [{name: '${public:_A1}-a', title: 'At ${HOST}', tags: {token: '${TOKEN}'}, tcp: 'a:1'}]",
            environment: Self.environment)
        let check = try #require(plan.checks.first)
        #expect([check.name, check.title, check.tags["token"]] == ["x-a", "At ${HOST}", "${TOKEN}"])
    }
}
