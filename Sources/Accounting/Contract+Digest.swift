import Vocabulary

extension Contract {
    /// FNV-1a, 64 bits, over the terms, 16 hex digits. The contract's name is no term.
    var digest: String {
        var terms = ["checks \(checks.joined(separator: ","))", "objective \(objective.text)", "zone \(zone.name)"]
        terms.append("unknown \(unknown.rawValue)")
        terms.append("maintenance \(maintenance.rawValue)")
        terms.append("min_outage \(minOutageNs)")
        terms.append("business_hours \(businessHours?.text ?? "")")
        terms.append("min_coverage \(minCoverage.text)")
        // Contracts from before there were combinations keep their digest.
        if let rule = combine.rule(checks) { terms.append("combine \(rule)") }
        for step in credits { terms.append("credit \(step.credit.text) below \(step.below.text)") }
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for byte in terms.joined(separator: "\n").utf8 { hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01b3 }
        let digits = String(hash, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }
}
