/// Stands beside every system call that changes the store. The program runs without one, and pays a comparison with
/// nil; tests let the nth call fail, or keep what a power cut would drop.
package protocol StoreWatch: AnyObject, Sendable {
    /// The errno that the call is to fail with instead of being made; 0 lets it be made.
    func before(_ call: StoreCall) -> Int32
    /// The call was made, and succeeded.
    func after(_ call: StoreCall)
}

/// One system call that changes the store.
package enum StoreCall: Hashable, Sendable {
    /// `creates`: a file that may not be there yet.
    case open(path: String, creates: Bool)
    case write(path: String, offset: Int64, count: Int)
    /// Gives a file its size, longer or shorter.
    case resize(path: String, bytes: Int64)
    case sync(path: String)
    /// Everything below a folder.
    case syncAll(folder: String)
    case syncFolder(path: String)
    case rename(path: String, to: String)
    case remove(path: String)

    package var path: String {
        switch self {
        case .open(let path, _), .write(let path, _, _), .resize(let path, _), .sync(let path), .syncAll(let path),
            .syncFolder(let path), .rename(let path, _), .remove(let path):
            path
        }
    }
}
