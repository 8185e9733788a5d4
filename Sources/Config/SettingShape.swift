import Vocabulary

extension Setting {
    /// false, with a mistake, when the item of a list is no map. `what`: `check`.
    package func isMap(of what: String, example: String, _ mistakes: inout Mistakes) -> Bool {
        switch node {
        case .map: return true
        case .null: mistakes.add(place, "\(path) is empty; a \(what) is a map such as \(example)")
        case .text, .list: mistakes.add(place, "\(path) must be a map such as \(example)")
        }
        return false
    }
}
