import CNet
import Vocabulary

/// A regular expression in RE2's syntax, searched in time linear in the text: no text of a target can stall a
/// reactor.
final class Pattern: @unchecked Sendable {
    /// As it may be printed, secrets left out.
    let shown: String
    // Unchecked: made in init, never changed, and RE2 allows searches from many threads at once.
    private let compiled: OpaquePointer

    /// `isMultiLine`: `^` and `$` match at every line.
    init(_ text: SettingText, isMultiLine: Bool = false) throws(PatternError) {
        shown = text.shown
        let source = isMultiLine ? "(?m)" + text.value : text.value
        var error = [CChar](repeating: 0, count: 200)
        guard let compiled = cnet_pattern_compile(source, source.utf8.count, &error, error.count) else {
            let reason = error.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
            var said = String(decoding: reason, as: UTF8.self)
            // Our own prefix is nobody's mistake.
            if isMultiLine, let prefix = said.firstRange(of: "(?m)") { said.removeSubrange(prefix) }
            throw PatternError(text: Redaction.blank(said, text.secrets))
        }
        self.compiled = compiled
    }

    deinit { cnet_pattern_free(compiled) }

    func isFound(in text: UnsafePointer<CChar>?, count: Int) -> Bool {
        count > 0 ? cnet_pattern_search(compiled, text, count) != 0 : cnet_pattern_search(compiled, "", 0) != 0
    }

    func isFound(in text: [UInt8]) -> Bool {
        text.withUnsafeBufferPointer { bytes in
            bytes.withMemoryRebound(to: CChar.self) { isFound(in: $0.baseAddress, count: $0.count) }
        }
    }

    /// How many bytes of the text the first match reaches to; nil when there is none.
    func end(in text: UnsafePointer<CChar>?, count: Int) -> Int? {
        let end = cnet_pattern_search_end(compiled, text, count)
        return end < 0 ? nil : end
    }
}

/// Why a regular expression does not compile.
struct PatternError: Error {
    let text: String
}
