import CNet
import Glibc
import Vocabulary

/// Answers what a check asks of a body while its bytes pass, and keeps the first of them as evidence.
/// Memory: nothing but the evidence when nothing is asked; the longest text asked for when only texts are; the body
/// itself, which the caller bounds, when there are patterns.
final class BodyScanner {
    /// Bytes kept as evidence.
    static let evidenceMax = 2048
    /// A buffer larger than this is given back at the end of a probe.
    private static let keptMax = 65_536

    /// Bytes seen.
    private(set) var count: Int64 = 0
    private let evidence = UnsafeMutablePointer<CChar>.allocate(capacity: BodyScanner.evidenceMax)
    private var rules: BodyRules?
    private var overlap = 0
    // A bit for each text, in the order of the rules.
    private var contained: UInt32 = 0
    private var forbidden: UInt32 = 0
    private var matched: UInt32 = 0
    // What is still to be searched, and the end of what was.
    private var buffer: UnsafeMutablePointer<CChar>?
    private var capacity = 0
    private var held = 0

    deinit {
        evidence.deallocate()
        free(buffer)
    }

    func begin(_ rules: BodyRules?) {
        count = 0
        held = 0
        contained = 0
        forbidden = 0
        matched = 0
        self.rules = rules
        overlap = rules.map { max(0, $0.longestText - 1) } ?? 0
    }

    /// Takes in the next bytes. False when there is no memory for them.
    func add(_ bytes: UnsafePointer<CChar>, _ added: Int) -> Bool {
        if count < BodyScanner.evidenceMax {
            let room = BodyScanner.evidenceMax - Int(count)
            memcpy(evidence + Int(count), bytes, min(room, added))
        }
        count += Int64(added)
        guard let rules else { return true }
        guard reserve(held + added), let buffer else { return false }
        memcpy(buffer + held, bytes, added)
        let from = max(0, held - overlap)
        held += added
        search(rules, buffer + from, held - from)
        if !rules.needsWhole, held > overlap {
            memmove(buffer, buffer + (held - overlap), overlap)
            held = overlap
        }
        return true
    }

    /// Nothing that is still to come can change an answer.
    var hasSeenEnough: Bool {
        guard let rules, rules.canStopEarly else { return false }
        return contained == mask(rules.contains.count)
    }

    /// The body is at its end: answers what could not be answered before.
    func end(_ outcome: inout Outcome) {
        guard let rules else { return }
        for (index, pattern) in rules.matches.enumerated() where pattern.isFound(in: buffer, count: held) {
            matched |= 1 << UInt32(index)
        }
        let isMet =
            contained == mask(rules.contains.count) && forbidden == 0 && matched == mask(rules.matches.count)
        if !isMet { outcome.miss(.bodyMismatch, rules.severity) }
        guard !rules.json.isEmpty else { return }
        let search = search()
        for rule in rules.json where !rule.answer(search).isMet { outcome.miss(.bodyMismatch, rule.severity) }
    }

    /// The whole body as JSON; valid until more is added.
    private func search() -> Result<JSONSearch, JSONFlaw> {
        let bytes = UnsafeRawBufferPointer(start: buffer, count: held).bindMemory(to: UInt8.self)
        return Result { () throws(JSONFlaw) in JSONSearch(try JSONText(bytes)) }
    }

    /// Makes ready for the next probe.
    func clear() {
        rules = nil
        held = 0
        guard capacity > BodyScanner.keptMax else { return }
        free(buffer)
        buffer = nil
        capacity = 0
    }

    /// The first bytes, as text; nil when there were none.
    var evidenceText: String? {
        guard count > 0 else { return nil }
        let kept = UnsafeRawBufferPointer(start: evidence, count: Int(min(count, Int64(BodyScanner.evidenceMax))))
        return String(decoding: kept, as: UTF8.self)
    }

    /// How each rule was answered; after `end`.
    var answers: [Answer] {
        guard let rules else { return [] }
        func answer(_ name: String, _ isMet: Bool) -> Answer {
            Answer(name: name, isMet: isMet, severity: rules.severity, seen: "\(count) bytes")
        }
        return rules.contains.enumerated().map {
            answer("body contains \"\($1.shown)\"", contained & 1 << UInt32($0) != 0)
        }
            + rules.notContains.enumerated().map {
                answer("body not_contains \"\($1.shown)\"", forbidden & 1 << UInt32($0) == 0)
            }
            + rules.matches.enumerated().map { answer("body matches \"\($1.shown)\"", matched & 1 << UInt32($0) != 0) }
            + jsonAnswers(rules.json)
    }

    private func jsonAnswers(_ rules: [JSONRule]) -> [Answer] {
        guard !rules.isEmpty else { return [] }
        let search = search()
        return rules.map { rule in
            let (isMet, seen) = rule.answer(search)
            return Answer(name: rule.name, isMet: isMet, severity: rule.severity, seen: seen)
        }
    }

    private func search(_ rules: BodyRules, _ text: UnsafeMutablePointer<CChar>, _ count: Int) {
        for index in rules.contains.indices where contained & 1 << UInt32(index) == 0 {
            let wanted = rules.contains[index].bytes
            if cnet_find(text, count, wanted, wanted.count) != nil { contained |= 1 << UInt32(index) }
        }
        for index in rules.notContains.indices where forbidden & 1 << UInt32(index) == 0 {
            let unwanted = rules.notContains[index].bytes
            if cnet_find(text, count, unwanted, unwanted.count) != nil { forbidden |= 1 << UInt32(index) }
        }
    }

    private func reserve(_ needed: Int) -> Bool {
        guard needed > capacity else { return true }
        let grown = max(needed, max(16_384, capacity * 2))
        guard let moved = realloc(buffer, grown) else { return false }
        buffer = moved.assumingMemoryBound(to: CChar.self)
        capacity = grown
        return true
    }

    private func mask(_ count: Int) -> UInt32 { count >= 32 ? .max : (1 << UInt32(count)) - 1 }
}
