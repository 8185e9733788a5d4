import Vocabulary

/// The reference of all keys, as Markdown: docs/configuration.md is made of this and held to it by a test.
package enum ConfigReference {
    /// `kinds` and `channels`: the names and keys of what Probing and Alerting know. `blocks`: the maps inside a check
    /// that all kinds share, such as `expect` and `expect.body`.
    package static func markdown(
        kinds: [(name: String, keys: [SettingDescription])], blocks: [(name: String, keys: [SettingDescription])] = [],
        channels: [(name: String, keys: [SettingDescription])]
    ) -> String {
        var text = introduction
        text += section("Main file", "Only in the main file, `sonde.yaml`:", ConfigKeys.mainOnly)
        text += section(
            "Every file", "In the main file and in those it includes; the lists join:", ConfigKeys.everywhere)
        text += section("`store`", "", ConfigKeys.store)
        text += section("`regions`: keys of a region", "", ConfigKeys.region)
        text += section("`checks`: keys of a check", "What it is, beside the key of its kind:", ConfigKeys.checkOnly)
        text += table("How it is asked and judged; these may stand in `defaults` too:", ConfigKeys.checkDefaults)
        for kind in kinds { text += section("`\(kind.name)`: settings of the kind", "", kind.keys) }
        for block in blocks { text += section("`\(block.name)` of a check", "", block.keys) }
        text += section("`maintenance`: keys of a window", "", ConfigKeys.maintenance)
        text += table("Keys of a cron line under `every`:", ConfigKeys.cron)
        text += section("`alerts`: keys of an alert rule", "", ConfigKeys.alert)
        for channel in channels { text += section("`\(channel.name)`: settings of the channel", "", channel.keys) }
        text += section("`contracts`: keys of a contract", "", ConfigKeys.contract)
        text += table("Keys of a credit step:", ConfigKeys.credit)
        text += table("Keys of `combine`:", ConfigKeys.combine)
        return text
    }

    private static func section(_ title: String, _ lead: String, _ keys: [SettingDescription]) -> String {
        "\n## \(title)\n" + table(lead, keys)
    }

    private static func table(_ lead: String, _ keys: [SettingDescription]) -> String {
        var text = lead.isEmpty ? "\n" : "\n\(lead)\n\n"
        text += "| key | meaning | example |\n|---|---|---|\n"
        for key in keys {
            let meaning = cell(sentence(key.meaning)) + (key.isBuilt ? "" : " *Not built yet.*")
            text += "| `\(key.name)` | \(meaning) | `\(cell(key.example))` |\n"
        }
        return text
    }

    /// Begins with a capital, unless a value such as `true:` stands first, and ends with a full stop.
    private static func sentence(_ text: String) -> String {
        let isWord = text.prefix { $0 != " " }.allSatisfy(\.isLetter)
        return (isWord ? text.prefix(1).uppercased() + text.dropFirst() : text) + (text.hasSuffix(".") ? "" : ".")
    }

    /// A `|` would end the cell.
    private static func cell(_ text: String) -> String {
        text.split(separator: "|", omittingEmptySubsequences: false).joined(separator: "\\|")
    }

    private static let introduction = """
        # Configuration

        The tables are made from the code; a test holds this file to it. Examples that can be copied are in `checks/`.

        The format is YAML. Every scalar is a text until the key that wants it reads it: `country: NO`, `on:` and `1.10`
        mean what they say, and true and false are written `true` and `false`. Keys are `snake_case`. Durations are
        `250ms`, `10s`, `1h30m`, `100d`, `5y` (a day has 24 hours, a year 366 days). Relative paths are seen from the
        file they stand in. Top-level keys that begin with `x-` are free, for anchors (`&base`, `*base`, `<<: *base`).

        `sonde validate` reports every mistake at once, each with file, line and column. A mistake anywhere means that
        nothing starts (exit code 78). A key that is not understood is a mistake, never ignored.

        ## Values from outside

        Put into values, never into keys, after the YAML is read:

        | text | becomes |
        |---|---|
        | `${NAME}` | the environment variable; it is a mistake when it is not set |
        | `${NAME:-default}` | the variable, or `default` when it is not set or empty |
        | `${file:/run/secrets/token}` | the first line of that file |
        | `${public:NAME}` | the variable, which outputs may show |
        | `$$` | a dollar; so is a `$` that no `{` follows |

        Outputs show such a value as it stands in the file (`Bearer ${API_TOKEN}`), never what was put in, but for
        `${public:NAME}`.

        """
}
