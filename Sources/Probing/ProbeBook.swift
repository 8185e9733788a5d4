import Vocabulary

/// The compiled plan: each check's own settings and expectations, decoded and checked. Immutable; shared by all
/// reactors.
package final class ProbeBook: Sendable {
    /// What every kind has in common about a check.
    final class Question: Sendable {
        /// Place of its kind in `ProbeKinds.driven`.
        let kind: Int
        let timeoutNs: Int64
        let family: AddressFamily
        /// By index of the region; empty when none says anything.
        let routes: [ProbeRoute?]
        /// nil: any address may be connected to.
        let addressGuard: AddressGuard?
        let expectations: Expectations
        /// Contents of `${…}` that must never be printed.
        let secrets: [String]

        init(
            kind: Int, timeoutNs: Int64, family: AddressFamily, routes: [ProbeRoute?], addressGuard: AddressGuard?,
            expectations: Expectations, secrets: [String]
        ) {
            self.kind = kind
            self.timeoutNs = timeoutNs
            self.family = family
            self.routes = routes
            self.addressGuard = addressGuard
            self.expectations = expectations
            self.secrets = secrets
        }
    }

    /// By index of the check.
    let questions: [Question]
    /// Whom names are looked up at; routes say which. The first is this host's own.
    let resolvers: [ProbeRoutes.Resolver]
    /// By kind: the settings of its checks.
    let shelves: [any KindShelf]
    let collectsFindings: Bool

    private init(
        questions: [Question], resolvers: [ProbeRoutes.Resolver], shelves: [any KindShelf], collectsFindings: Bool
    ) {
        self.questions = questions
        self.resolvers = resolvers
        self.shelves = shelves
        self.collectsFindings = collectsFindings
    }

    /// Decodes each check's own settings and expectations. Mistakes carry places; nil when there are any.
    /// `collectsFindings`: good samples come with findings, too. `readsSystem` false leaves the system's certificates
    /// (18 ms) to the first probe that needs them: for whoever only wants to know the mistakes.
    package static func compile(
        _ plan: Plan, collectsFindings: Bool = false, readsSystem: Bool = true, _ mistakes: inout Mistakes
    ) -> ProbeBook? {
        var found = Mistakes()
        var contexts = TLSContexts(readsSystem: readsSystem)
        var routes = ProbeRoutes()
        let regionRoutes = plan.regions.map { routes.route($0.route, &found) }
        let sharedRoutes = regionRoutes.allSatisfy { $0 == nil } ? [] : regionRoutes
        var questions: [Question] = []
        var expectations: [Expectations] = []
        for check in plan.checks {
            guard let kind = ProbeKinds.driven.firstIndex(where: { $0.name == check.kind }) else {
                let hint = SettingReader.hint(for: check.kind, among: ProbeKinds.names)
                expectations.append(Expectations())
                found.add(check.place, "unknown kind \"\(check.kind)\" in check \"\(check.name)\"" + hint)
                continue
            }
            let type = ProbeKinds.driven[kind]
            let own = check.route == Route() ? nil : plan.regions.map { routes.route(check.route.or($0.route), &found) }
            let checkRoutes = own ?? sharedRoutes
            let expected = Expectations.decode(
                check.expect, for: check, kind: type.name, can: type.expectations, &found)
            expectations.append(expected)
            questions.append(
                Question(
                    kind: kind, timeoutNs: check.timeoutNs, family: check.family, routes: checkRoutes,
                    addressGuard: check.blocksPrivate ? AddressGuard(allow: check.allow) : nil,
                    expectations: expected,
                    secrets: (secrets(in: check.settings) + checkRoutes.flatMap { $0?.proxy?.secrets ?? [] })
                        .filter { $0.utf8.count >= Redaction.secretMin }))
        }
        let shelves = ProbeKinds.driven.map { shelf(of: $0, plan, expectations, &contexts, &found) }
        mistakes.add(found.all)
        guard found.isEmpty else { return nil }
        return ProbeBook(
            questions: questions, resolvers: routes.resolvers, shelves: shelves, collectsFindings: collectsFindings)
    }

    private static func shelf<Kind: DrivenKind>(
        of kind: Kind.Type, _ plan: Plan, _ expectations: [Expectations], _ contexts: inout TLSContexts,
        _ mistakes: inout Mistakes
    ) -> any KindShelf {
        Shelf<Kind>(
            settings: zip(plan.checks, expectations).map { check, expected in
                guard check.kind == Kind.name else { return nil }
                let reader = SettingReader(
                    longForm(of: check, shortKey: Kind.shortKey), subject: "\(Kind.name) check \"\(check.name)\"",
                    keys: Kind.keys, &mistakes)
                let settings = Kind.decode(check, reader, &contexts, &mistakes)
                if let settings, !Kind.speaksTLS(settings) { expected.refuseWithoutTLS(check, &mistakes) }
                return settings
            })
    }

    /// `http: https://…` stands for `http: {url: https://…}`.
    static func longForm(of check: Check, shortKey: String) -> Setting {
        guard check.settings.text != nil else { return check.settings }
        let entry = Setting.Entry(key: shortKey, place: check.settings.place, value: check.settings)
        return Setting(place: check.settings.place, path: check.settings.path, node: .map([entry]))
    }

    private static func secrets(in setting: Setting) -> [String] {
        switch setting.node {
        case .null: []
        case .text(let text): text.secrets
        case .list(let items): items.flatMap { secrets(in: $0) }
        case .map(let entries): entries.flatMap { secrets(in: $0.value) }
        }
    }
}
