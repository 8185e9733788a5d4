import Vocabulary

/// The counting rules once more, slot by slot with dictionaries, slow and obvious; made from the samples alone.
struct Oracle {
    let world: World
    private var words: [Key: (start: Instant, verdict: Verdict)] = [:]

    struct Key: Hashable {
        let check: Int
        let place: Int
        let slot: Int64
    }

    struct Answer: Equatable {
        var up: Int64 = 0
        var degraded: Int64 = 0
        var down: Int64 = 0
        var unknown: Int64 = 0
        var outages: [Run] = []
        var regions: [[Int64]] = []
    }

    struct Run: Equatable {
        var first: Int64
        var last: Int64
    }

    init(world: World, samples: [Sample]) {
        self.world = world
        for sample in samples {
            let check = world.plan.checks[Int(sample.due.series.check)]
            let place = check.regions.firstIndex(of: world.plan.regions[Int(sample.due.series.region)].name)!
            var verdict: Verdict = sample.unmet == .fail ? .down : sample.unmet == .degrade ? .degraded : .up
            let isLate = sample.start - sample.due.at > max(check.periodNs / 10, Duration.secondNs)
            if isLate && verdict == .down { verdict = .unknown }
            if check.grid.slot(at: sample.start) != sample.due.slot { verdict = .unknown }
            let key = Key(check: Int(sample.due.series.check), place: place, slot: sample.due.slot)
            if words[key].map({ $0.start > sample.start }) ?? false { continue }
            words[key] = (sample.start, verdict)
        }
    }

    func verdict(_ check: Int, _ place: Int, _ slot: Int64) -> Verdict {
        words[Key(check: check, place: place, slot: slot)]?.verdict ?? .unknown
    }

    func answer(_ number: Int, now: Instant) -> Answer {
        let check = world.plan.checks[number]
        var answer = Answer(regions: check.regions.map { _ in [0, 0, 0] })
        let known = words.filter { $0.key.check == number && $0.value.verdict != .unknown }.map(\.key.slot)
        guard let birth = known.min() else { return answer }
        var slot = birth
        while check.grid.start(of: slot) + check.periodNs + check.timeoutNs + Duration.secondNs <= now {
            defer { slot += 1 }
            let verdicts = check.regions.indices.map { verdict(number, $0, slot) }
            for (place, verdict) in verdicts.enumerated() {
                answer.regions[place][verdict.isGood ? 0 : verdict == .down ? 1 : 2] += check.periodNs
            }
            let voters = verdicts.filter { $0 != .unknown }
            let fallen = voters.filter { $0 == .down }.count
            if voters.isEmpty {
                answer.unknown += check.periodNs
                continue
            }
            let isDown: Bool
            switch check.vote {
            case .any: isDown = fallen >= 1
            case .majority: isDown = Double(fallen) > Double(voters.count) / 2
            case .all: isDown = fallen == voters.count
            case .atLeast(let number): isDown = fallen >= min(number, voters.count)
            }
            if isDown {
                answer.down += check.periodNs
                if let last = answer.outages.last, isUnbroken(number, after: last.last, before: slot) {
                    answer.outages[answer.outages.count - 1].last = slot
                } else {
                    answer.outages.append(Run(first: slot, last: slot))
                }
            } else {
                answer.up += check.periodNs
                if voters.filter({ $0 == .degraded }).count * 2 > voters.count { answer.degraded += check.periodNs }
            }
        }
        return answer
    }

    /// Nothing was known between the two slots.
    private func isUnbroken(_ check: Int, after first: Int64, before last: Int64) -> Bool {
        ((first + 1)..<last).allSatisfy { slot in
            world.plan.checks[check].regions.indices.allSatisfy { verdict(check, $0, slot) == .unknown }
        }
    }
}
