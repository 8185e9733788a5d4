/// Runs queries over one document. Nodes are handed on as they are found, in the order of RFC 9535, and never
/// collected.
final class JSONSearch {
    /// Selected elements whose places are held at one time, for going backwards.
    private static let heldMax = 65_536
    /// Compiled patterns that came from the document, and the steps each costs.
    private static let patternsMax = 64
    private static let patternSteps = 20_000

    let text: JSONText
    private var patterns: [[UInt8]: Pattern?] = [:]

    init(_ text: JSONText) { self.text = text }

    typealias Visitor = (_ node: Int) throws(JSONFlaw) -> Bool

    /// Calls `visit` with each node that the query selects, until it says false. False when it did.
    func forEach(_ path: JSONPath, _ visit: Visitor) throws(JSONFlaw) -> Bool {
        try forEach(path.segments[...], from: text.root, visit)
    }

    private func forEach(
        _ segments: ArraySlice<JSONPath.Segment>, from node: Int, _ visit: Visitor
    ) throws(JSONFlaw) -> Bool {
        guard let segment = segments.first else { return try visit(node) }
        return segment.isDescendant
            ? try descend(segment, segments.dropFirst(), from: node, visit)
            : try select(segment, segments.dropFirst(), from: node, visit)
    }

    private func descend(
        _ segment: JSONPath.Segment, _ rest: ArraySlice<JSONPath.Segment>, from node: Int, _ visit: Visitor
    ) throws(JSONFlaw) -> Bool {
        guard try select(segment, rest, from: node, visit) else { return false }
        return try text.forEachChild(of: node) { (_, child) throws(JSONFlaw) in
            try descend(segment, rest, from: child, visit)
        }
    }

    private func select(
        _ segment: JSONPath.Segment, _ rest: ArraySlice<JSONPath.Segment>, from node: Int, _ visit: Visitor
    ) throws(JSONFlaw) -> Bool {
        for selector in segment.selectors {
            try text.take(1)
            let goesOn: Bool
            switch selector {
            case .name(let name):
                guard let child = try child(of: node, named: name) else { continue }
                goesOn = try forEach(rest, from: child, visit)
            case .wildcard:
                goesOn = try text.forEachChild(of: node) { (_, child) throws(JSONFlaw) in
                    try forEach(rest, from: child, visit)
                }
            case .index(let index):
                guard text.kind(of: node) == .list, let child = try element(of: node, at: index) else { continue }
                goesOn = try forEach(rest, from: child, visit)
            case .slice(let start, let end, let step):
                goesOn = try slice(node, start, end, step) { (child) throws(JSONFlaw) in
                    try forEach(rest, from: child, visit)
                }
            case .filter(let condition):
                goesOn = try text.forEachChild(of: node) { (_, child) throws(JSONFlaw) in
                    try holds(condition, child) ? try forEach(rest, from: child, visit) : true
                }
            }
            if !goesOn { return false }
        }
        return true
    }

    /// Of several with the same name the last, as most readers have it.
    private func child(of node: Int, named name: [UInt8]) throws(JSONFlaw) -> Int? {
        guard text.kind(of: node) == .object else { return nil }
        var found: Int?
        _ = try text.forEachChild(of: node) { (key, child) throws(JSONFlaw) in
            if let key, key.count >= name.count, try text.text(key) == name { found = child }
            return true
        }
        return found
    }

    private func count(of node: Int) throws(JSONFlaw) -> Int {
        var count = 0
        _ = try text.forEachChild(of: node) { (_, _) throws(JSONFlaw) in
            count += 1
            return true
        }
        return count
    }

    private func element(of list: Int, at index: Int) throws(JSONFlaw) -> Int? {
        let wanted = index < 0 ? try count(of: list) + index : index
        guard wanted >= 0 else { return nil }
        var place = 0
        var found: Int?
        _ = try text.forEachChild(of: list) { (_, child) throws(JSONFlaw) in
            if place == wanted { found = child }
            place += 1
            return found == nil
        }
        return found
    }

    /// Source: RFC 9535, 2.3.4.2.2.
    private func slice(
        _ list: Int, _ start: Int?, _ end: Int?, _ step: Int, _ visit: Visitor
    ) throws(JSONFlaw) -> Bool {
        guard step != 0, text.kind(of: list) == .list else { return true }
        let count = try count(of: list)
        func normal(_ index: Int) -> Int { index >= 0 ? index : count + index }
        if step > 0 {
            let lower = min(max(normal(start ?? 0), 0), count)
            let upper = min(max(normal(end ?? count), 0), count)
            var index = 0
            return try text.forEachChild(of: list) { (_, child) throws(JSONFlaw) in
                defer { index += 1 }
                guard index < upper else { return true }
                return index >= lower && (index - lower) % step == 0 ? try visit(child) : true
            }
        }
        let upper = min(max(start.map(normal) ?? count - 1, -1), count - 1)
        let lower = min(max(end.map(normal) ?? -1, -1), count - 1)
        // Backwards in stretches, each found by going forwards.
        var last = upper
        while last > lower {
            let first = max(lower + 1, last - JSONSearch.heldMax + 1)
            var held: [Int] = []
            var index = 0
            _ = try text.forEachChild(of: list) { (_, child) throws(JSONFlaw) in
                if index >= first, index <= last, (upper - index) % -step == 0 { held.append(child) }
                index += 1
                return index <= last
            }
            for child in held.reversed() {
                if try !visit(child) { return false }
            }
            last = first - 1
        }
        return true
    }

    // Filters.

    private func holds(_ condition: JSONPath.Condition, _ node: Int) throws(JSONFlaw) -> Bool {
        try text.take(1)
        switch condition {
        case .any(let conditions):
            for condition in conditions {
                if try holds(condition, node) { return true }
            }
            return false
        case .all(let conditions):
            for condition in conditions {
                if try !holds(condition, node) { return false }
            }
            return true
        case .not(let condition): return try !holds(condition, node)
        case .exists(let query): return try first(query, node) != nil
        case .compare(let left, let comparison, let right):
            return try compare(try value(left, node), comparison, try value(right, node))
        case .matches(let operand, let pattern, let isWhole):
            guard case .text(let subject) = try value(operand, node),
                let compiled = try compiled(pattern, node, isWhole: isWhole)
            else { return false }
            try text.take(subject.count)
            return compiled.isFound(in: subject)
        }
    }

    private func compiled(_ pattern: JSONPath.IRegexp, _ node: Int, isWhole: Bool) throws(JSONFlaw) -> Pattern? {
        switch pattern {
        case .fixed(let pattern): return pattern
        case .operand(let operand):
            guard case .text(let source) = try value(operand, node) else { return nil }
            let key = source + [isWhole ? 1 : 0]
            if let known = patterns[key] { return known }
            try text.take(JSONSearch.patternSteps + source.count)
            let compiled = try? Pattern(iRegexp: source, isWhole: isWhole)
            if patterns.count < JSONSearch.patternsMax { patterns[key] = .some(compiled) }
            return compiled
        }
    }

    private func forEach(_ query: JSONPath.Query, _ node: Int, _ visit: Visitor) throws(JSONFlaw) -> Bool {
        try forEach(query.segments[...], from: query.isRelative ? node : text.root, visit)
    }

    private func first(_ query: JSONPath.Query, _ node: Int) throws(JSONFlaw) -> Int? {
        var found: Int?
        _ = try forEach(query, node) { (child) throws(JSONFlaw) in
            found = child
            return false
        }
        return found
    }

    private func value(_ operand: JSONPath.Operand, _ node: Int) throws(JSONFlaw) -> JSONValue {
        switch operand {
        case .literal(let value): return value
        case .query(let query):
            return try first(query, node).map { (node) throws(JSONFlaw) in try value(at: node) } ?? .nothing
        case .length(let operand): return try length(try value(operand, node), operand, node)
        case .count(let query):
            var count: Int64 = 0
            _ = try forEach(query, node) { (_) throws(JSONFlaw) in
                count += 1
                return true
            }
            return .number(.whole(count))
        case .value(let query):
            var found: [Int] = []
            _ = try forEach(query, node) { (child) throws(JSONFlaw) in
                found.append(child)
                return found.count < 2
            }
            return found.count == 1 ? try value(at: found[0]) : .nothing
        }
    }

    private func length(
        _ value: JSONValue, _ operand: JSONPath.Operand, _ node: Int
    ) throws(JSONFlaw) -> JSONValue {
        switch value {
        case .node(let node): return .number(.whole(Int64(try count(of: node))))
        case .text(let bytes): return .number(.whole(Int64(bytes.count { $0 & 0xc0 != 0x80 })))
        case .nothing, .null, .bool, .number: return .nothing
        }
    }

    func value(at node: Int) throws(JSONFlaw) -> JSONValue {
        switch text.kind(of: node) {
        case .null: return .null
        case .bool: return .bool(text.bytes[node] == UInt8(ascii: "t"))
        case .text: return .text(try text.text(text.content(ofText: node)))
        case .list, .object: return .node(node)
        case .number:
            let end = try text.end(of: node)
            return .number(JSONNumber(UnsafeBufferPointer(rebasing: text.bytes[node..<end])))
        }
    }

    /// Source: RFC 9535, 2.3.5.2.2.
    func compare(
        _ left: JSONValue, _ comparison: JSONPath.Comparison, _ right: JSONValue
    ) throws(JSONFlaw) -> Bool {
        switch comparison {
        case .equal: return try isEqual(left, right)
        case .unequal: return try !isEqual(left, right)
        case .below: return isBelow(left, right)
        case .above: return isBelow(right, left)
        case .belowOrEqual: return isBelow(left, right) ? true : try isEqual(left, right)
        case .aboveOrEqual: return isBelow(right, left) ? true : try isEqual(left, right)
        }
    }

    private func isBelow(_ left: JSONValue, _ right: JSONValue) -> Bool {
        switch (left, right) {
        case (.number(let left), .number(let right)): left < right
        case (.text(let left), .text(let right)): left.lexicographicallyPrecedes(right)
        default: false
        }
    }

    private func isEqual(_ left: JSONValue, _ right: JSONValue) throws(JSONFlaw) -> Bool {
        switch (left, right) {
        case (.nothing, .nothing), (.null, .null): return true
        case (.bool(let left), .bool(let right)): return left == right
        case (.number(let left), .number(let right)): return left == right
        case (.text(let left), .text(let right)): return left == right
        case (.node(let left), .node(let right)): return try isSame(left, right)
        default: return false
        }
    }

    /// Equal lists have equal elements in the same order; equal objects equal members in any order.
    private func isSame(_ left: Int, _ right: Int) throws(JSONFlaw) -> Bool {
        if left == right { return true }
        let kind = text.kind(of: left)
        guard kind == text.kind(of: right) else { return false }
        let total = try count(of: left)
        guard try count(of: right) == total else { return false }
        var place = 0
        return try text.forEachChild(of: left) { (key, child) throws(JSONFlaw) in
            defer { place += 1 }
            let other: Int? =
                if let key {
                    try self.child(of: right, named: try text.text(key))
                } else {
                    try element(of: right, at: place)
                }
            guard let other else { return false }
            return try isEqual(try value(at: child), try value(at: other))
        }
    }
}
