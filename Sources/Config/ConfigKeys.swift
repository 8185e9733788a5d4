import Vocabulary

/// The keys that Config itself reads, block by block: its readers, its messages and docs/configuration.md are made of
/// these. The keys of probe kinds and channels belong to their own targets.
enum ConfigKeys {
    /// May stand in the main file only.
    static let mainOnly = [
        SettingDescription("store", "Where the history is kept and for how long; keys below.", example: "{path: data}"),
        SettingDescription(
            "listen", "Address of the status page and the API, HOST:PORT; loopback unless told otherwise.",
            example: "127.0.0.1:8787"),
        SettingDescription(
            "zone", "Zone of days and months, an IANA name; the machine's when left out.", example: "Asia/Taipei"),
        SettingDescription(
            "regions", "The places to ask from, by name; none declared: one region, `local`. Keys below.",
            example: "{tw: {country: TW}}"),
        SettingDescription(
            "defaults", "Keys of a check that hold for every check which does not set them itself, each as a whole.",
            example: "{period: 1m, vote: majority}"),
    ]

    /// May stand in every file; the lists join.
    static let everywhere = [
        SettingDescription("version", "Version of the format; 1.", example: "1"),
        SettingDescription(
            "include", "Files to read as well: paths or patterns, seen from this file.", example: "[checks/*.yaml]"),
        SettingDescription(
            "checks", "List of checks; keys below.", example: "[{name: shop, http: https://example.com}]"),
        SettingDescription(
            "maintenance", "List of maintenance windows; keys below.",
            example: "[{name: weekly, every: \"Sun 02:00-02:30\"}]"),
        SettingDescription(
            "channels", "Where notifications go: by name, each with its kind and that kind's settings.",
            example: "{ops: {webhook: {url: \"${OPS_URL}\"}}}"),
        SettingDescription(
            "alerts",
            "List of alert rules; keys below. Without `alerts:` every channel is told of every outage of every check.",
            example: "[{checks: [shop], to: [ops]}]"),
        SettingDescription(
            "contracts", "SLA contracts by name; keys below.", example: "{gold: {checks: [shop], objective: 99.9}}"),
    ]

    static let store = [
        SettingDescription("path", "Folder of the store, seen from this file.", example: "data"),
        slots, hours,
    ]

    static let region = [
        SettingDescription("country", "Two-letter country code, shown in reports.", example: "TW"),
        source, interface,
        SettingDescription(
            "proxy",
            "Proxy that stands in the region, `http://` or `socks5h://`, with `USER:PASSWORD@` where it asks for them: "
                + "every kind goes through it, and it looks the targets' names up. Its own trouble is the region's: "
                + "the verdict is unknown.", example: "socks5h://127.0.0.1:1080"),
        resolver,
        SettingDescription(
            "sentinels",
            "Addresses that always answer, HOST:PORT or a URL, at most 8; asked when the region doubts itself.",
            example: "[\"1.1.1.1:443\"]"),
        SettingDescription("agent", "A remote agent probes for this region.", example: "true", isBuilt: false),
        SettingDescription(
            "renamed_from", "The region's former name: its history goes on.", example: "taipei"),
    ]

    /// Keys of a check that say what it is; the kind's key (`http`, `tcp`, …) stands beside them.
    static let checkOnly = [
        SettingDescription(
            "name", "Unique; 1 to 64 small letters, digits, `.`, `_`, `-`, a letter or digit first.", example: "shop"),
        SettingDescription("title", "Name for people; `name` when left out.", example: "Web shop"),
        SettingDescription(
            "renamed_from", "The check's former name: its history goes on.", example: "store"),
    ]

    /// Keys of a check that may stand in `defaults` too.
    static let checkDefaults = [
        SettingDescription(
            "period", "Time between the starts of two slots, 1s to 1d; 1m when left out.", example: "30s"),
        SettingDescription(
            "timeout",
            "The one deadline of a whole probe, 50ms to 4m and under the period; 10s when left out, or half the period "
                + "where that is shorter.", example: "5s"),
        SettingDescription("regions", "Regions to ask from; all when left out.", example: "[tw, jp]"),
        SettingDescription(
            "vote",
            "How the regions' verdicts make one: any, majority, all, or how many must be down; majority when "
                + "left out.", example: "2"),
        SettingDescription(
            "confirm", "Down slots in a row that open an incident, 1 to 1000; 1 when left out.", example: "2"),
        SettingDescription(
            "recover", "Up or degraded slots in a row that close it, 1 to 1000; 1 when left out.", example: "3"),
        SettingDescription(
            "expect", "What a sample must meet; its keys follow from the kind.", example: "{status: 200}"),
        SettingDescription("tags", "Words of your own to select checks by.", example: "{team: search}"),
        SettingDescription("paused", "true: not probed; its slots are excluded.", example: "true"),
        SettingDescription("family", "Address family: any, 4 or 6; any when left out.", example: "4"),
        slots, hours,
        SettingDescription(
            "apdex", "Threshold T of Apdex, 1ms to 1m: samples up to T satisfy, up to 4T are tolerated.",
            example: "500ms"),
        source, interface, resolver,
        SettingDescription(
            "block_private",
            "true: connects to no loopback, private, shared (100.64.0.0/10), link-local, unique local, multicast, "
                + "unspecified or cloud metadata address, nor to an IPv6 form of one (mapped, NAT64, 6to4, Teredo), on "
                + "any hop or try; the cause is `address-blocked`. Through a proxy only targets that are written as "
                + "addresses can be judged, because it looks names up itself.", example: "true"),
        SettingDescription(
            "allow", "Exceptions to `block_private`: address ranges (CIDR).", example: "[10.1.0.0/16]"),
    ]

    static let maintenance = [
        SettingDescription("name", "Unique; written like a check's name.", example: "weekly"),
        checks,
        SettingDescription(
            "from", "Start of a one-off window: RFC 3339, or local time in its zone.", example: "2026-12-01T00:00+08:00"
        ),
        SettingDescription("to", "Its end, not included.", example: "2026-12-01T04:00+08:00"),
        SettingDescription(
            "every",
            "Days and local times of a recurring window: `day`, `Sat,Sun`, `Mon-Fri`, `1st`, `2nd Tue`, `last Sun`, "
                + "`last` (day of the month); an end not after the start lies on the next day. Or a cron line; keys "
                + "below.", example: "\"Sat,Sun 23:00-01:00\""),
        SettingDescription(
            "zone", "Zone of its local times; the configuration's when left out.", example: "Europe/Paris"),
        SettingDescription("since", "A recurring window's occurrences start at or after this.", example: "2026-01-01"),
        SettingDescription("until", "… and before this.", example: "2027-01-01"),
    ]

    static let cron = [
        SettingDescription(
            "cron",
            "When it begins, in its zone: minute, hour, day, month, day of the week (0 and 7 are Sunday), each a "
                + "number, a range, a step, a list of these, or `*`. Where both days are named, either will do.",
            example: "\"0 2 * * 0\""),
        SettingDescription("for", "How long it lasts, 1m to 7d.", example: "30m"),
    ]

    static let alert = [
        checks,
        SettingDescription("on", "What to tell of; down when left out.", example: "[down]"),
        SettingDescription("to", "Names of channels.", example: "[ops]"),
        SettingDescription("repeat", "Tell again after this time while it lasts.", example: "1h", isBuilt: false),
    ]

    static let contract = [
        checks,
        SettingDescription("objective", "The promised percentage, over 0 and at most 100.", example: "99.9"),
        SettingDescription("zone", "Zone of its months; the configuration's when left out.", example: "Asia/Taipei"),
        SettingDescription(
            "maintenance", "What slots of maintenance windows do: exclude (when left out) or count.", example: "exclude"
        ),
        SettingDescription(
            "unknown", "What unknown slots do: exclude (when left out), count-as-down or count-as-up.",
            example: "count-as-down"),
        SettingDescription(
            "min_outage", "Outages shorter than this count as up and are listed apart, up to 31d; 0s when left out.",
            example: "1m"),
        SettingDescription(
            "min_coverage",
            "Percentage of known time under which the outcome is left undecided where it depends on "
                + "the unknown; 95 when left out.", example: "95"),
        SettingDescription(
            "business_hours", "Hours of the week that count; all when left out.", example: "\"Mon-Fri 09:00-18:00\""),
        SettingDescription(
            "credits", "Steps of {below, credit}, both percentages: the lowest step below which the figure lies.",
            example: "[{below: 99.9, credit: 10}]"),
        SettingDescription(
            "combine",
            "How several checks make one figure: each (by itself, when left out), all (up while all are), any (up "
                + "while any is), or {weights: {NAME: n}}.", example: "each"),
    ]

    static let combine = [
        SettingDescription(
            "weights", "A weight for each check of the contract, 1 to 1000: its seconds count that often.",
            example: "{shop: 3, blog: 1}")
    ]

    static let credit = [
        SettingDescription("below", "Uptime under which the step holds.", example: "99.9"),
        SettingDescription("credit", "Percent of the fee given back.", example: "10"),
    ]

    // What a region and a check can both say of how packets leave; the check's goes first.
    private static let source = SettingDescription(
        "source", "Source address of this host to ask from.", example: "127.0.0.2")
    private static let interface = SettingDescription(
        "interface", "Network interface of this host to ask through; needs no privilege.", example: "wg-us")
    private static let resolver = SettingDescription(
        "resolver",
        "Name servers to ask in place of this host's, up to \(NameServerAddress.countMax), `IP` or `IP:PORT`, in this "
            + "order: the next is asked when one is silent for 2 s or fails. They alone are asked (no /etc/hosts, no "
            + "search domains), from `source` and through `interface`.", example: "[10.8.0.1, \"[2001:db8::1]:5353\"]")
    private static let slots = SettingDescription(
        "slots", "How long every single slot is kept, 1d to 7300d; 400d when left out.", example: "35d")
    private static let hours = SettingDescription(
        "hours", "How long hours, verdicts and outages are kept, 1d to 36500d; 5y when left out.", example: "400d")
    private static let checks = SettingDescription(
        "checks", "A list of names of checks, a map of tags they bear, or left out for all.", example: "{team: search}")
}
