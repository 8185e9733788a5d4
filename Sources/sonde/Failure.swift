import ArgumentParser
import Vocabulary

/// Why a command ends otherwise than done: what to say, and the exit code of the command contract.
struct Failure: Error, CustomStringConvertible {
    let code: Code
    let description: String

    enum Code: Int32 {
        case failed = 1
        case usage = 64
        case store = 74
        case configuration = 78
    }

    init(_ code: Code, _ text: String) {
        self.code = code
        description = text
    }

    /// Every mistake on a line of its own.
    init(_ mistakes: Mistakes) {
        let count = mistakes.all.count
        let lines = mistakes.all.map(\.description).joined(separator: "\n")
        self.init(.configuration, "\(lines)\n\(count) \(count == 1 ? "mistake" : "mistakes"), nothing was started")
    }
}
