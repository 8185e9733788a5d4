import Testing
import Vocabulary

@testable import Config

/// A block of keys, and a configuration in which `KEYS` stands for some of them.
struct KeyBlock: CustomTestStringConvertible, Sendable {
    let name: String
    let keys: [SettingDescription]
    let text: String
    /// What the block needs beside the key in question, by key.
    let companions: [String: String]
    var testDescription: String { name }

    init(_ name: String, _ keys: [SettingDescription], _ text: String, with companions: [String: String] = [:]) {
        self.name = name
        self.keys = keys
        self.text = text
        self.companions = companions
    }

    /// The configuration with `key` set to its example.
    func reading(_ key: SettingDescription) -> ConfigReading {
        var entries = companions.filter { $0.key != key.name }
        entries[key.name] = key.example
        // A window is either recurring or not.
        if name == "maintenance", ["from", "to"].contains(key.name) {
            entries["every"] = nil
            entries[key.name == "from" ? "to" : "from"] = key.name == "from" ? "2027-01-01" : "2026-01-01"
        }
        let keys = entries.sorted { $0.key < $1.key }.map { "\($0.key): \($0.value)" }.joined(separator: ", ")
        let whole = text.replacing("KEYS", with: keys)
        return configReader(["OPS_URL": "u"]).read(text: whole, path: "sonde.yaml")
    }

    private static let check = "checks: [{name: shop, tcp: 'a:1', tags: {team: search}}, {name: api, tcp: 'a:2'}]\n"
    private static let regions = "regions: {tw: , jp: }\n"
    private static let ops = "channels: {ops: {webhook: {url: u}}}\n"

    static let all = [
        KeyBlock("store", ConfigKeys.store, check + "store: {KEYS}"),
        KeyBlock("region", ConfigKeys.region, check + "regions: {tw: {KEYS}}"),
        KeyBlock(
            "check", ConfigKeys.checkOnly + ConfigKeys.checkDefaults, regions + "checks: [{KEYS}]",
            with: ["name": "a", "tcp": "'a:1'", "block_private": "true"]),
        KeyBlock("defaults", ConfigKeys.checkDefaults, regions + check + "defaults: {KEYS}"),
        KeyBlock(
            "maintenance", ConfigKeys.maintenance, check + "maintenance: [{KEYS}]",
            with: ["name": "w", "every": "'Sun 02:00-02:30'"]),
        KeyBlock("alert", ConfigKeys.alert, check + ops + "alerts: [{KEYS}]", with: ["to": "[ops]"]),
        KeyBlock(
            "cron", ConfigKeys.cron, check + "maintenance: [{name: w, every: {KEYS}}]",
            with: ["cron": "'0 2 * * 0'", "for": "30m"]),
        KeyBlock("contract", ConfigKeys.contract, check + "contracts: {gold: {KEYS}}", with: ["objective": "99.9"]),
        KeyBlock(
            "credit", ConfigKeys.credit, check + "contracts: {gold: {objective: 99.9, credits: [{KEYS}]}}",
            with: ["below": "99", "credit": "10"]),
        KeyBlock(
            "combine", ConfigKeys.combine,
            "checks: [{name: shop, tcp: 'a:1'}, {name: blog, tcp: 'a:2'}]\n"
                + "contracts: {gold: {objective: 99.9, combine: {KEYS}}}"),
    ]
}

@Suite("Keys")
struct KeyTests {
    @Test("each example in the reference is right, and each key that is not built is refused", arguments: KeyBlock.all)
    func examples(_ block: KeyBlock) {
        for key in block.keys {
            let messages = block.reading(key).messages
            if key.isBuilt {
                #expect(messages == [], "\(key.name)")
            } else {
                #expect(messages.count == 1 && messages[0].hasSuffix("is not built yet; take it out"), "\(messages)")
                #expect(messages.first?.contains("\"\(key.name)\"") == true, "\(messages)")
            }
        }
    }

    @Test("each example of a top-level key is right")
    func topLevel() {
        let base = ["checks": "[{name: shop, tcp: 'a:1'}]", "channels": "{ops: {webhook: {url: u}}}"]
        for key in ConfigKeys.mainOnly + ConfigKeys.everywhere where key.name != "include" {
            var entries = base
            entries[key.name] = key.example
            let text = entries.map { "\($0.key): \($0.value)\n" }.sorted().joined()
            #expect(configReader(["OPS_URL": "u"]).read(text: text, path: "sonde.yaml").messages == [], "\(key.name)")
        }
    }

    @Test("a key one letter off is answered with the key that was meant", arguments: KeyBlock.all)
    func misspelt(_ block: KeyBlock) {
        for key in block.keys where key.name.count > 4 {
            let wrong = SettingDescription(String(key.name.dropLast()), "", example: key.example)
            let messages = block.reading(wrong).messages
            #expect(messages.contains { $0.hasSuffix("did you mean \"\(key.name)\"?") }, "\(messages)")
        }
    }
}
