import Vocabulary

/// Puts `${NAME}`, `${NAME:-default}`, `${file:PATH}` and `${public:NAME}` into texts. What is put in is never read
/// again for references.
struct References {
    let environment: [String: String]
    /// The configuration file whose texts are filled: relative secret files stand beside it.
    let file: String

    /// `text` with every reference put in. A reference that gives nothing is a mistake and counts as empty.
    func fill(_ text: String, at place: Place, path: String, _ mistakes: inout Mistakes) -> SettingText {
        guard text.utf8.contains(UInt8(ascii: "$")) else { return SettingText(text) }
        var shown = ""
        var value = ""
        var secrets: [String] = []
        var rest = Substring(text)
        while let dollar = rest.firstIndex(of: "$") {
            shown += rest[..<dollar]
            value += rest[..<dollar]
            rest = rest[rest.index(after: dollar)...]
            if rest.first == "$" {
                shown += "$$"
                value += "$"
                rest = rest.dropFirst()
            } else if rest.first == "{" {
                guard let end = rest.firstIndex(of: "}") else {
                    mistakes.add(place, "\(path) has a \"${\" without its \"}\"; write $$ for a plain dollar")
                    return SettingText(text)
                }
                let inside = rest[rest.index(after: rest.startIndex)..<end]
                rest = rest[rest.index(after: end)...]
                let content = content(of: inside, at: place, path: path, &mistakes)
                value += content.text
                shown += content.isShown ? content.text : "${\(inside)}"
                if content.isSecret, !content.text.isEmpty { secrets.append(content.text) }
            } else {
                shown += "$"
                value += "$"
            }
        }
        return SettingText(shown: shown + rest, value: value + rest, secrets: secrets)
    }

    private struct Content {
        var text = ""
        /// Outputs print the content itself.
        var isShown = false
        /// It came from outside and was not declared public.
        var isSecret = false
    }

    private func content(
        of reference: Substring, at place: Place, path: String, _ mistakes: inout Mistakes
    ) -> Content {
        if reference.hasPrefix("file:") {
            let name = String(reference.dropFirst("file:".count))
            return Content(text: firstLine(of: name, at: place, path: path, &mistakes), isSecret: true)
        }
        let isPublic = reference.hasPrefix("public:")
        let body = isPublic ? reference.dropFirst("public:".count) : reference
        let name = body.prefix { $0 != ":" }
        let tail = body[name.endIndex...]
        guard isVariableName(name), tail.isEmpty || tail.hasPrefix(":-") else {
            mistakes.add(
                place,
                "\(path) has \"${\(reference)}\", which is none of ${NAME}, ${NAME:-default}, ${file:PATH}, "
                    + "${public:NAME}; write $$ for a plain dollar")
            return Content()
        }
        if let set = environment[String(name)], !(set.isEmpty && !tail.isEmpty) {
            return Content(text: set, isShown: isPublic, isSecret: !isPublic)
        }
        let fallback = tail.dropFirst(2)
        guard !tail.isEmpty else {
            mistakes.add(
                place,
                "the environment variable \(name), wanted by \(path), is not set; set it or give "
                    + "\"${\(reference):-default}\"")
            return Content()
        }
        guard !fallback.contains("$") else {
            mistakes.add(place, "\(path) has a default with a \"$\" in \"${\(reference)}\"; a default is plain text")
            return Content()
        }
        return Content(text: String(fallback), isShown: isPublic)
    }

    private func firstLine(of name: String, at place: Place, path: String, _ mistakes: inout Mistakes) -> String {
        do {
            let resolved = PathText.resolve(name, beside: file)
            let bytes = try FileText.bytes(of: resolved, bytesMax: FileText.smallBytesMax)
            var line = bytes.prefix { $0 != 0x0a }
            if line.last == 0x0d { line.removeLast() }
            if let text = String(validating: line, as: UTF8.self), !line.contains(0) { return text }
            mistakes.add(place, "the file \"\(name)\", wanted by \(path), does not begin with a line of UTF-8 text")
        } catch {
            mistakes.add(place, "the file \"\(name)\", wanted by \(path), cannot be read: \(error.why)")
        }
        return ""
    }

    private func isVariableName(_ name: Substring) -> Bool {
        guard let first = name.utf8.first, !(UInt8(ascii: "0")...UInt8(ascii: "9")).contains(first) else {
            return false
        }
        return name.utf8.allSatisfy { isLetterOrDigit($0) || $0 == UInt8(ascii: "_") }
    }
}

/// An ASCII letter or digit.
func isLetterOrDigit(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"):
        true
    default: false
    }
}
