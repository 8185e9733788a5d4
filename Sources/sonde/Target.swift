import Probing
import Vocabulary

/// What a check asks, as a person would write it.
enum Target {
    static func text(of check: Check) -> String {
        ProbeKinds.all.first { $0.name == check.kind }?.target(of: check) ?? ""
    }
}
