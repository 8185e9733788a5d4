import Vocabulary

/// What a slot keeps when another sample comes for it. Source: docs/uptime.md, rule 1.
package enum SlotMerge {
    package enum Origin: Sendable {
        case live
        case imported
    }

    /// The slot to store; nil when nothing changes. The newest sample by start stays, of equal starts the one that
    /// comes last; a live re-probe that says what the slot already says does not replace it. A slot that saw good and
    /// bad is marked mixed, whichever stayed. A mark that says why nobody was asked takes no sample's place, and any
    /// sample takes its.
    package static func merge(held: Slot, new: Slot, _ origin: Origin) -> Slot? {
        guard held.isWritten else { return new }
        if held.isMissed != new.isMissed { return held.isMissed ? new : nil }
        var marks = held.marks.intersection(.mixed)
        if held.verdict.isGood && new.verdict == .down || held.verdict == .down && new.verdict.isGood {
            marks.insert(.mixed)
        }
        let isRepeat = origin == .live && new.marks.contains(.reprobe) && new.verdict == held.verdict
        let stays = new.startUnits < held.startUnits || isRepeat
        let kept = stays ? held : new
        let merged = kept.marked(marks)
        return merged.facts == held.facts ? nil : merged
    }
}

extension Slot {
    /// No sample, but the mark of one that nobody took: `SampleVerdict.missed`.
    fileprivate var isMissed: Bool { verdict == .unknown && cause == .late && totalUs == 0 && status == 0 }

    /// This slot with more marks.
    fileprivate func marked(_ more: Marks) -> Slot {
        Slot(word0: word0, word1: word1 | UInt64(more.rawValue) << 60)
    }
}
