import Vocabulary

extension Plan {
    /// Without the checks and channels that have no kind, or a mistake in what their kind will read.
    func trusted(_ mistakes: Mistakes) -> Plan {
        guard !mistakes.isEmpty else { return self }
        let places = Set(mistakes.all.map(\.place))
        var plan = self
        plan.checks.removeAll { check in
            check.kind.isEmpty || check.settings.touches(places) || check.expect?.touches(places) == true
        }
        plan.channels.removeAll { $0.kind.isEmpty || $0.settings.touches(places) }
        return plan
    }
}

extension Setting {
    /// Whether it or anything in it stands at one of `places`.
    fileprivate func touches(_ places: Set<Place>) -> Bool {
        if places.contains(place) { return true }
        switch node {
        case .null, .text: return false
        case .list(let items): return items.contains { $0.touches(places) }
        case .map(let entries): return entries.contains { places.contains($0.place) || $0.value.touches(places) }
        }
    }
}
