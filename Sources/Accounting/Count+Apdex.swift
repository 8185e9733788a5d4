import Vocabulary

extension Count {
    /// Over the window's samples that are not excluded, regions pooled; nil for a check without a threshold.
    /// Unknown samples are none. O(slots x regions), and only where a threshold is set.
    func apdex() -> ApdexFigures? {
        guard let thresholdNs = input.check.apdexNs else { return nil }
        var figures = ApdexFigures(thresholdNs: thresholdNs)
        let thresholdUs = UInt32(clamping: thresholdNs / Duration.microsecondNs)
        let toleratedUs = UInt32(clamping: 4 * thresholdNs / Duration.microsecondNs)
        for (piece, part) in course.parts(of: window) {
            for list in piece.stored {
                let elements = piece.elements(of: part)
                let shift = part.lowerBound - elements.lowerBound
                for element in elements where states[element + shift] != .excluded {
                    let slot = list[element]
                    if slot.isGoodField {
                        switch slot.totalUsField {
                        case ...thresholdUs: figures.satisfied += 1
                        case ...toleratedUs: figures.tolerating += 1
                        default: figures.frustrated += 1
                        }
                    } else if slot.verdictField == Field.down {
                        figures.frustrated += 1
                    }
                }
            }
        }
        return figures
    }
}
