/// Who does pieces of work that know nothing of each other: one after the other, or several at once.
package protocol Cores: Sendable {
    /// How many pieces are done at once.
    var count: Int { get }
    /// Fewer slots than these are not worth a share of their own.
    var leastShare: Int { get }
    /// What `work` makes of each element, in their order.
    func map<Element: Sendable, Result: Sendable>(
        _ elements: [Element], _ work: @Sendable (Element) -> Result
    ) -> [Result]
}

/// One after the other, where it is asked for.
package struct OneCore: Cores {
    package init() {}
    package var count: Int { 1 }
    package var leastShare: Int { .max }
    package func map<Element: Sendable, Result: Sendable>(
        _ elements: [Element], _ work: @Sendable (Element) -> Result
    ) -> [Result] { elements.map(work) }
}
