import Config
import Testing
import Vocabulary

/// A place in `sonde.yaml`.
private func at(_ line: Int, _ column: Int) -> Place { Place(file: "sonde.yaml", line: line, column: column) }

private func text(_ text: String, _ path: String, _ place: Place) -> Setting {
    Setting(place: place, path: path, node: .text(SettingText(text)))
}

private func instant(_ text: String) throws -> Instant { try #require(Instant(rfc3339: text)) }

@Suite("Plans")
struct PlanTests {
    @Test("the smallest configuration takes every default")
    func smallest() throws {
        let plan = try readPlan(
            "checks: [{name: shop, http: 'https://shop.example.com/'}]", environment: ["TZ": "Asia/Taipei"])
        let url = text("https://shop.example.com/", "checks[0].http", at(1, 29))
        let settings = Setting(
            place: at(1, 29), path: "checks[0].http",
            node: .map([Setting.Entry(key: "url", place: at(1, 29), value: url)]))
        let check = Check(
            name: "shop", title: "shop", kind: "http", settings: settings, expect: nil, periodNs: Duration.minuteNs,
            timeoutNs: 10 * Duration.secondNs, regions: ["local"], vote: .majority, confirm: 1, recover: 1,
            family: .any,
            tags: [:], isPaused: false, retention: .standard, place: at(1, 10))
        #expect(
            plan
                == Plan(
                    store: StorePlan(path: "data"), listen: ListenAddress(host: "127.0.0.1", port: 8787),
                    zone: try #require(Zone.load("Asia/Taipei")), regions: [Region(name: "local")], checks: [check]))
    }

    @Test("every key that is built lands in its place")
    func everyKey() throws {
        let plan = try readPlan(
            """
            version: 1
            store: {path: /var/lib/sonde, slots: 35d, hours: 400d}
            listen: "[::1]:9000"
            zone: Europe/Paris
            regions:
              tw: {country: tw}
              jp: {country: JP, source: 127.0.0.2}
              fr:
            defaults:
              period: 30s
              vote: 2
              tags: {team: web}
              expect: {status: 204}
              hours: 2y
            checks:
              - name: shop
                title: Web shop
                tcp: {address: "shop.example.com:80"}
                period: 5m
                timeout: 250ms
                regions: [fr, tw]
                vote: all
                confirm: 2
                recover: 3
                family: 4
                tags: {tier: 1.10, country: NO}
                paused: true
                expect:
                slots: 1d
              - name: blog
                tls: blog.example.com:443
            """)
        let shop = try #require(plan.check(named: "shop"))
        let blog = try #require(plan.check(named: "blog"))
        #expect(plan.store == StorePlan(path: "/var/lib/sonde"))
        #expect(plan.listen == ListenAddress(host: "::1", port: 9000))
        #expect(plan.zone.name == "Europe/Paris")
        #expect(
            plan.regions
                == [
                    Region(name: "tw", country: "TW"),
                    Region(name: "jp", country: "JP", route: Route(source: IPAddress("127.0.0.2"))),
                    Region(name: "fr"),
                ])
        let address = text("shop.example.com:80", "checks[0].tcp.address", at(18, 20))
        #expect(
            shop
                == Check(
                    name: "shop", title: "Web shop", kind: "tcp",
                    settings: Setting(
                        place: at(18, 10), path: "checks[0].tcp",
                        node: .map([Setting.Entry(key: "address", place: at(18, 11), value: address)])),
                    expect: nil, periodNs: 5 * Duration.minuteNs, timeoutNs: 250 * Duration.millisecondNs,
                    regions: ["tw", "fr"], vote: .all, confirm: 2, recover: 3, family: .ipv4,
                    tags: ["tier": "1.10", "country": "NO"], isPaused: true,
                    retention: Retention(slotsNs: Duration.dayNs, hoursNs: 2 * Duration.yearNs), place: at(16, 5)))
        let target = text("blog.example.com:443", "checks[1].tls", at(31, 10))
        #expect(
            blog
                == Check(
                    name: "blog", kind: "tls",
                    settings: Setting(
                        place: at(31, 10), path: "checks[1].tls",
                        node: .map([Setting.Entry(key: "address", place: at(31, 10), value: target)])),
                    expect: Setting(
                        place: at(13, 11), path: "defaults.expect",
                        node: .map([
                            Setting.Entry(
                                key: "status", place: at(13, 12),
                                value: text("204", "defaults.expect.status", at(13, 20)))
                        ])),
                    periodNs: 30 * Duration.secondNs, regions: ["tw", "jp", "fr"], vote: .atLeast(2),
                    tags: ["team": "web"],
                    retention: Retention(slotsNs: 35 * Duration.dayNs, hoursNs: 2 * Duration.yearNs),
                    place: at(30, 5)))
    }

    @Test(
        "a timeout that nobody sets is ten seconds, or half the period where that is shorter",
        arguments: [("1s", 500), ("10s", 5000), ("20s", 10_000), ("1m", 10_000), ("1d", 10_000)])
    func timeout(period: String, milliseconds: Int64) throws {
        let plan = try readPlan("checks: [{name: a, tcp: 'a:1', period: \(period)}]")
        #expect(plan.checks.map(\.timeoutNs) == [milliseconds * Duration.millisecondNs])
    }

    @Test(
        "values at the edge of their range are taken",
        arguments: [
            ("period: 1s, timeout: 50ms", "1s 50ms"), ("period: 1d, timeout: 4m", "1d 4m"),
            ("period: 4m, timeout: 3m59s999ms", "4m 3m59s999ms"),
        ])
    func edges(keys: String, expected: String) throws {
        let check = try #require(try readPlan("checks: [{name: a, tcp: 'a:1', \(keys)}]").checks.first)
        #expect("\(Duration.text(check.periodNs)) \(Duration.text(check.timeoutNs))" == expected)
    }

    @Test("aliases and merge keys work, and a map's own keys win")
    func mergeKeys() throws {
        let plan = try readPlan(
            """
            x-slow: &slow {period: 1h, timeout: 1m}
            x-web: &web
              <<: *slow
              tags: &tags {team: web}
              timeout: 30s
            checks:
              - {<<: *web, name: shop, http: "https://shop.example.com/", confirm: 2}
              - {name: blog, <<: [{period: 2h}, *slow], http: "https://blog.example.com/", tags: *tags}
            """)
        let seen = plan.checks.map {
            "\($0.name) \(Duration.text($0.periodNs)) \(Duration.text($0.timeoutNs)) \($0.tags)"
        }
        #expect(seen == ["shop 1h 30s [\"team\": \"web\"]", "blog 2h 1m [\"team\": \"web\"]"])
    }

    @Test("windows of both kinds, with dates as midnights and local times in their zone")
    func maintenance() throws {
        let plan = try readPlan(
            """
            zone: Asia/Taipei
            checks:
              - {name: shop, tcp: "shop:80", tags: {team: web, tier: a}}
              - {name: blog, tcp: "blog:80", tags: {team: web}}
              - {name: mail, tcp: "mail:25"}
            maintenance:
              - {name: move, checks: {team: web}, from: 2026-12-01T00:00+08:00, to: 2026-12-01T04:00:00.5Z}
              - {name: local, checks: mail, from: 2026-12-01, to: 2026-12-01 04:00, zone: Europe/Paris}
              - {name: weekly, checks: [mail, shop], every: "Sat,Sun 23:00-01:00", since: 2026-01-01}
              - {name: paris, checks: {team: web, tier: a}, every: "Fri-Mon 00:00-24:00", zone: Europe/Paris,
                 since: 2026-01-01T12:00Z, until: 2027-01-01}
              - {name: daily, every: "day 02:00-02:30"}
              - {name: monthly, every: "31st 03:00-04:00"}
              - {name: patches, every: "2nd Tue 20:00-22:00"}
              - {name: quarter, every: "last Sun 02:00-04:00"}
              - {name: ends, every: "last 23:00-24:00"}
              - {name: cron, every: {cron: "30 3,15 1-7 JAN-mar 7", for: 90m}}
              - {name: steps, every: {cron: "*/30 8-18/5 * * *", for: 1m}}
            """)
        let paris = try #require(Zone.load("Europe/Paris"))
        func once(_ from: String, _ to: String) throws -> MaintenanceWindow.Rule {
            .once(Interval(start: try instant(from), end: try instant(to)))
        }
        let expected = [
            MaintenanceWindow(
                name: "move", checks: ["shop", "blog"], rule: try once("2026-11-30T16:00Z", "2026-12-01T04:00:00.5Z")),
            MaintenanceWindow(
                name: "local", checks: ["mail"], rule: try once("2026-11-30T23:00Z", "2026-12-01T03:00Z")),
            MaintenanceWindow(
                name: "weekly", checks: ["shop", "mail"],
                rule: .recurring(
                    .hours(
                        LocalHours(
                            days: [.saturday, .sunday], startMinute: 1380, endMinute: 60, text: "Sat,Sun 23:00-01:00")),
                    zone: plan.zone, since: try instant("2025-12-31T16:00Z"), until: nil)),
            MaintenanceWindow(
                name: "paris", checks: ["shop"],
                rule: .recurring(
                    .hours(
                        LocalHours(
                            days: [.friday, .saturday, .sunday, .monday], startMinute: 0, endMinute: 1440,
                            text: "Fri-Mon 00:00-24:00")),
                    zone: paris, since: try instant("2026-01-01T12:00Z"), until: try instant("2026-12-31T23:00Z"))),
            MaintenanceWindow(
                name: "daily", checks: ["shop", "blog", "mail"],
                rule: .recurring(
                    .hours(
                        LocalHours(
                            days: Set(Weekday.allCases), startMinute: 120, endMinute: 150, text: "day 02:00-02:30")),
                    zone: plan.zone, since: nil, until: nil)),
        ]
        #expect(Array(plan.maintenance.prefix(5)) == expected)
        func every(_ index: Int) -> Recurrence? {
            guard case .recurring(let recurrence, _, _, _) = plan.maintenance[index].rule else { return nil }
            return recurrence
        }
        func hours(_ days: LocalHours.Days, _ start: Int, _ end: Int, _ text: String) -> Recurrence {
            .hours(LocalHours(days: days, startMinute: start, endMinute: end, text: text))
        }
        #expect(every(5) == hours(.ofMonth(31), 180, 240, "31st 03:00-04:00"))
        #expect(every(6) == hours(.weekdayOfMonth(.tuesday, nth: 2), 1200, 1320, "2nd Tue 20:00-22:00"))
        #expect(every(7) == hours(.weekdayOfMonth(.sunday, nth: nil), 120, 240, "last Sun 02:00-04:00"))
        #expect(every(8) == hours(.ofMonth(nil), 1380, 1440, "last 23:00-24:00"))
        let cron = CronLine(
            minutes: [30], hours: [3, 15], days: Set(1...7), months: [1, 2, 3], weekdays: [.sunday], eitherDay: true,
            text: "30 3,15 1-7 JAN-mar 7")
        #expect(every(9) == .cron(cron, forNs: 90 * Duration.minuteNs))
        let steps = CronLine(
            minutes: [0, 30], hours: [8, 13, 18], days: Set(1...31), months: Set(1...12),
            weekdays: Set(Weekday.allCases), eitherDay: false, text: "*/30 8-18/5 * * *")
        #expect(every(10) == .cron(steps, forNs: Duration.minuteNs))
    }

    @Test("contracts take their defaults, sort their credits and know the whole week")
    func contracts() throws {
        let plan = try readPlan(
            """
            zone: Asia/Taipei
            checks:
              - {name: shop, tcp: "shop:80"}
              - {name: blog, tcp: "blog:80", tags: {team: web}}
            contracts:
              plain: {objective: 99.9}
              gold:
                checks: {team: web}
                objective: 100
                zone: Europe/Paris
                unknown: count-as-down
                maintenance: count
                min_outage: 1m
                min_coverage: 0
                business_hours: "Mon-Fri 09:00-18:00"
                combine: each
                credits: [{below: 99, credit: 25}, {below: 99.95, credit: 10}, {below: 95, credit: 100}]
              always: {objective: 0.0000001, business_hours: "Mon-Sun 00:00-24:00"}
            """)
        let paris = try #require(Zone.load("Europe/Paris"))
        func percent(_ text: String) throws -> Percentage { try #require(Percentage(text: text)) }
        func step(_ below: String, _ credit: String) throws -> Contract.CreditStep {
            Contract.CreditStep(below: try percent(below), credit: try percent(credit))
        }
        let expected = [
            Contract(name: "plain", checks: ["shop", "blog"], objective: try percent("99.9"), zone: plan.zone),
            Contract(
                name: "gold", checks: ["blog"], objective: try percent("100"), zone: paris, unknown: .countAsDown,
                maintenance: .count, minOutageNs: Duration.minuteNs,
                businessHours: LocalHours(
                    days: [.monday, .tuesday, .wednesday, .thursday, .friday], startMinute: 540, endMinute: 1080,
                    text: "Mon-Fri 09:00-18:00"),
                minCoverage: try percent("0"),
                credits: [try step("99.95", "10"), try step("99", "25"), try step("95", "100")]),
            Contract(name: "always", checks: ["shop", "blog"], objective: Percentage(billionths: 1), zone: plan.zone),
        ]
        #expect(plan.contracts == expected)
    }

    @Test(
        "alert rules: none without channels, one for all without rules, else those that stand there",
        arguments: [
            ("", []),
            ("channels: {ops: {webhook: {url: u}}, night: {command: {argv: [a]}}}", ["shop,blog -> ops,night"]),
            ("channels: {ops: {webhook: {url: u}}}\nalerts: []", []),
            (
                "channels: {ops: {webhook: {url: u}}, night: {command: {argv: [a]}}}\n"
                    + "alerts: [{checks: [blog], to: night}, {on: down, to: [night, ops]}]",
                ["blog -> night", "shop,blog -> night,ops"]
            ),
        ])
    func alerts(text: String, expected: [String]) throws {
        let plan = try readPlan("checks: [{name: shop, tcp: 'a:1'}, {name: blog, tcp: 'b:1'}]\n" + text)
        let rules = plan.alerts.map { $0.checks.joined(separator: ",") + " -> " + $0.channels.joined(separator: ",") }
        #expect(rules == expected)
    }

    @Test("channels carry their kind and that kind's settings as they stand")
    func channels() throws {
        let plan = try readPlan(
            """
            checks: [{name: shop, tcp: "shop:80"}]
            channels: {ops: {webhook: {url: u}}}
            """)
        let settings = Setting(
            place: at(2, 27), path: "channels.ops.webhook",
            node: .map([
                Setting.Entry(key: "url", place: at(2, 28), value: text("u", "channels.ops.webhook.url", at(2, 33)))
            ]))
        #expect(plan.channels == [ChannelPlan(name: "ops", kind: "webhook", settings: settings)])
    }

    @Test("what is hardly meant is warned of, and still runs")
    func warnings() throws {
        let reading = configReader().read(
            text: """
                regions: {tw: {}, jp: {}}
                checks: [{name: shop, tcp: "shop:80", regions: [tw]}]
                channels: {ops: {webhook: {url: u}}}
                alerts: []
                """, path: "sonde.yaml")
        #expect(reading.messages == [])
        #expect(
            reading.warnings
                == [
                    "sonde.yaml: no check asks from region \"jp\"",
                    "sonde.yaml:3:27: no alert rule tells channel \"ops\" anything",
                ])
    }
}

@Suite("Drafts")
struct DraftTests {
    @Test("a draft keeps the checks and channels that others may still look into, and only those")
    func draft() {
        let reading = configReader().read(
            text: """
                checks:
                  - {name: no-kind, period: 1m}
                  - {name: unset, http: {url: "https://${NOT_SET}/"}}
                  - {name: unset-deep, http: {url: u, headers: {a: [b, "${NOT_SET}"]}}}
                  - {name: tagged, http: u, expect: !int 3}
                  - {name: bad-period, http: u, period: 0s}
                  - {name: good, tcp: "a:1"}
                channels: {ops: {webhook: {url: "${NOT_SET}"}}, night: {command: {argv: [a]}}, none: {}}
                """, path: "sonde.yaml")
        #expect(reading.plan == nil)
        #expect(reading.draft?.checks.map(\.name) == ["bad-period", "good"])
        #expect(reading.draft?.channels.map(\.name) == ["night"])
        #expect(reading.mistakes.all.count == 7)
    }

    @Test("mistakes that others find stand among the reader's by file, line and column")
    func mistakesOfOthers() {
        let reading = configReader().read(text: "checks:\n  - {name: a, http: u, perod: 1m}\n", path: "sonde.yaml")
        let long = String(repeating: "x", count: 700)
        var others = Mistakes()
        others.add(Place(file: "other.yaml", line: 1, column: 1), "elsewhere")
        others.add(Place(file: "sonde.yaml", line: 2, column: 30), #"behind \d"# + "\u{7}\u{202e}" + long)
        others.add(Place(file: "sonde.yaml", line: 2, column: 21), "before")
        #expect(
            reading.mistakes(with: others).all.map(\.description)
                == [
                    "sonde.yaml:2:21: before",
                    "sonde.yaml:2:24: unknown key \"perod\" in check \"a\"; did you mean \"period\"?",
                    #"sonde.yaml:2:30: behind \d\u{7}\u{202e}"# + long.prefix(589) + "…",
                    "other.yaml:1:1: elsewhere",
                ])
    }
}
