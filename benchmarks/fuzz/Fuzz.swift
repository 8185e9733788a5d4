import Glibc

/// libFuzzer's entry: each input goes to the reader that the environment names.
@_cdecl("LLVMFuzzerTestOneInput")
func testOneInput(_ bytes: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let input = UnsafeBufferPointer(start: bytes, count: count)
    chosen.read(Array(input))
    return 0
}

private let chosen: FuzzReader = {
    let name = getenv("FUZZ_READER").map { String(cString: $0) } ?? ""
    guard let reader = FuzzReader.all.first(where: { $0.name == name }) else {
        let names = FuzzReader.all.map(\.name).joined(separator: ", ")
        fatalError("FUZZ_READER must be one of \(names), not \"\(name)\"")
    }
    return reader
}()
