/// A JSON number with all its digits, so that comparisons are exact where a Double would round.
enum JSONNumber: Sendable {
    /// Digits beyond these, far more than a Double can tell apart, are not looked at.
    static let digitsMax = 1024
    private static let exponentMax = 1_000_000_000

    case whole(Int64)
    /// 0.d₁d₂… × 10^exponent, no zeros around the digits.
    case decimal(isNegative: Bool, digits: [UInt8], exponent: Int)

    /// `text`: well-formed.
    init(_ text: some Collection<UInt8>) {
        if text.count <= 18, text.dropFirst().allSatisfy({ (0x30...0x39).contains($0) }),
            let whole = Int64(String(decoding: text, as: UTF8.self))
        {
            self = .whole(whole)
            return
        }
        let isNegative = text.first == UInt8(ascii: "-")
        var digits: [UInt8] = []
        var exponent = 0
        var isFraction = false
        var rest = isNegative ? text.dropFirst() : text[...]
        while let byte = rest.first, byte != UInt8(ascii: "e"), byte != UInt8(ascii: "E") {
            rest = rest.dropFirst()
            if byte == UInt8(ascii: ".") {
                isFraction = true
                continue
            }
            let isLeadingZero = digits.isEmpty && byte == 0x30
            if !isLeadingZero, digits.count < JSONNumber.digitsMax { digits.append(byte - 0x30) }
            if !isFraction, !isLeadingZero { exponent += 1 }
            if isFraction, isLeadingZero { exponent -= 1 }
        }
        while digits.last == 0 { digits.removeLast() }
        let power = rest.isEmpty ? 0 : JSONNumber.power(rest.dropFirst())
        self = .decimal(
            isNegative: isNegative && !digits.isEmpty, digits: digits, exponent: digits.isEmpty ? 0 : exponent + power)
    }

    private static func power(_ text: some Collection<UInt8>) -> Int {
        var power = 0
        for byte in text where (0x30...0x39).contains(byte) {
            power = min(power * 10 + Int(byte - 0x30), exponentMax)
        }
        return text.first == UInt8(ascii: "-") ? -power : power
    }

    private var parts: (isNegative: Bool, digits: [UInt8], exponent: Int) {
        switch self {
        case .decimal(let isNegative, let digits, let exponent): return (isNegative, digits, exponent)
        case .whole(let whole):
            var digits = String(whole.magnitude).utf8.map { $0 - 0x30 }
            let exponent = digits.count
            while digits.last == 0 { digits.removeLast() }
            return (whole < 0, digits, digits.isEmpty ? 0 : exponent)
        }
    }
}

extension JSONNumber: Comparable {
    static func == (left: JSONNumber, right: JSONNumber) -> Bool {
        if case .whole(let left) = left, case .whole(let right) = right { return left == right }
        return left.parts == right.parts
    }

    static func < (left: JSONNumber, right: JSONNumber) -> Bool {
        if case .whole(let left) = left, case .whole(let right) = right { return left < right }
        let (left, right) = (left.parts, right.parts)
        if left.isNegative != right.isNegative { return left.isNegative }
        return left.isNegative ? isBelow(right, left) : isBelow(left, right)
    }

    private static func isBelow(
        _ left: (isNegative: Bool, digits: [UInt8], exponent: Int),
        _ right: (isNegative: Bool, digits: [UInt8], exponent: Int)
    ) -> Bool {
        if left.digits.isEmpty || right.digits.isEmpty { return left.digits.isEmpty && !right.digits.isEmpty }
        if left.exponent != right.exponent { return left.exponent < right.exponent }
        return left.digits.lexicographicallyPrecedes(right.digits)
    }
}
