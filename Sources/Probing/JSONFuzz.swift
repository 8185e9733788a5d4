/// The readers of JSON and its paths, for fuzzers: bytes in, nothing out, no trap.
package enum JSONFuzz {
    /// A query, a zero byte, a document. What is no query asks for everything.
    package static func run(_ bytes: [UInt8]) {
        let query = bytes.prefix { $0 != 0 }
        let document = Array(bytes.dropFirst(query.count + 1))
        guard let path = (try? JSONPath(String(decoding: query, as: UTF8.self))) ?? (try? JSONPath("$..*")) else {
            return
        }
        document.withUnsafeBufferPointer { bytes in
            do throws(JSONFlaw) {
                let search = JSONSearch(try JSONText(bytes, stepsMax: 1 << 16))
                _ = try search.forEach(path) { (node) throws(JSONFlaw) in
                    _ = try search.value(at: node)
                    _ = try search.shown(node, bytesMax: 10)
                    return true
                }
            } catch {}
        }
    }
}
