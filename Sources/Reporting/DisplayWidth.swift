/// The columns a terminal gives to `text`: 2 for wide East Asian characters and emoji, 0 for combining marks.
/// Source: Unicode Standard Annex 11, East_Asian_Width W and F.
func displayWidth(_ text: some StringProtocol) -> Int {
    var columns = 0
    for scalar in text.unicodeScalars { columns += displayWidth(scalar) }
    return columns
}

func displayWidth(_ scalar: Unicode.Scalar) -> Int {
    // Up to here no character is wide, and those below the combining marks are all one column.
    if scalar.value < 0x300 { return 1 }
    if wideRanges.contains(where: { $0.contains(scalar.value) }) { return 2 }
    // Box drawing, blocks and shapes are the bulk of what we write: asked before the slower properties.
    if (0x2500...0x25ff).contains(scalar.value) { return 1 }
    switch scalar.properties.generalCategory {
    case .nonspacingMark, .enclosingMark, .format: return 0
    default: return 1
    }
}

/// `text` cut to at most `columns`, with `…` in place of what is missing.
func fitted(_ text: String, _ columns: Int) -> String {
    guard displayWidth(text) > columns else { return text }
    return columns > 0 ? prefix(of: text, columns: columns - 1) + "…" : ""
}

/// As much of `text` as fits into `columns`.
func prefix(of text: String, columns: Int) -> String {
    var kept = ""
    var left = columns
    for scalar in text.unicodeScalars {
        left -= displayWidth(scalar)
        guard left >= 0 else { break }
        kept.unicodeScalars.append(scalar)
    }
    return kept
}

/// Wide characters by block; blocks that are wide but for a few unassigned characters are taken whole.
private let wideRanges: [ClosedRange<UInt32>] = [
    0x1100...0x115f, 0x231a...0x231b, 0x2329...0x232a, 0x23e9...0x23ec, 0x23f0...0x23f0, 0x23f3...0x23f3,
    0x25fd...0x25fe, 0x2614...0x2615, 0x2648...0x2653, 0x267f...0x267f, 0x2693...0x2693, 0x26a1...0x26a1,
    0x26aa...0x26ab, 0x26bd...0x26be, 0x26c4...0x26c5, 0x26ce...0x26ce, 0x26d4...0x26d4, 0x26ea...0x26ea,
    0x26f2...0x26f3, 0x26f5...0x26f5, 0x26fa...0x26fa, 0x26fd...0x26fd, 0x2705...0x2705, 0x270a...0x270b,
    0x2728...0x2728, 0x274c...0x274c, 0x274e...0x274e, 0x2753...0x2755, 0x2757...0x2757, 0x2795...0x2797,
    0x27b0...0x27b0, 0x27bf...0x27bf, 0x2b1b...0x2b1c, 0x2b50...0x2b50, 0x2b55...0x2b55, 0x2e80...0x303e,
    0x3041...0x33ff, 0x3400...0x4dbf, 0x4e00...0xa4cf, 0xa960...0xa97f, 0xac00...0xd7a3, 0xf900...0xfaff,
    0xfe10...0xfe19, 0xfe30...0xfe6f, 0xff00...0xff60, 0xffe0...0xffe6, 0x16fe0...0x18aff, 0x1b000...0x1b2ff,
    0x1f004...0x1f004, 0x1f0cf...0x1f0cf, 0x1f18e...0x1f18e, 0x1f191...0x1f19a, 0x1f1e6...0x1f1ff,
    0x1f200...0x1f320, 0x1f32d...0x1f335, 0x1f337...0x1f37c, 0x1f37e...0x1f393, 0x1f3a0...0x1f3ca,
    0x1f3cf...0x1f3d3, 0x1f3e0...0x1f3f0, 0x1f3f4...0x1f3f4, 0x1f3f8...0x1f43e, 0x1f440...0x1f440,
    0x1f442...0x1f4fc, 0x1f4ff...0x1f53d, 0x1f54b...0x1f567, 0x1f57a...0x1f57a, 0x1f595...0x1f596,
    0x1f5a4...0x1f5a4, 0x1f5fb...0x1f64f, 0x1f680...0x1f6ff, 0x1f7e0...0x1f7eb, 0x1f900...0x1f9ff,
    0x1fa70...0x1faff, 0x20000...0x3fffd,
]
