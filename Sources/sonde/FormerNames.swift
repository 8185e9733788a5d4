import Storage
import Vocabulary

extension StoreReader {
    /// The name under which a check's history stands: its own, or its former one until a run has begun under the new
    /// one and taken the file over.
    func name(of check: Check) throws(StoreError) -> String {
        guard let former = check.renamedFrom, try eras(check.name) == nil, try eras(former) != nil else {
            return check.name
        }
        return former
    }
}

extension Plan {
    /// By former name: what a check is called now.
    var presentNames: [String: String] {
        let renamed = checks.compactMap { check in check.renamedFrom.map { ($0, check.name) } }
        return Dictionary(renamed) { first, _ in first }
    }
}
