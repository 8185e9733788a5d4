import Glibc

// libFuzzer drives; each input goes to the reader that the environment names.

@_silgen_name("LLVMFuzzerRunDriver")
func runDriver(
    _ count: UnsafeMutablePointer<CInt>,
    _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>>,
    _ callback: @convention(c) (UnsafePointer<UInt8>?, Int) -> CInt
) -> CInt

private enum Chosen {
    static let reader: FuzzReader = {
        let name = getenv("FUZZ_READER").map { String(cString: $0) } ?? ""
        guard let reader = FuzzReader.all.first(where: { $0.name == name }) else {
            let names = FuzzReader.all.map(\.name).joined(separator: ", ")
            fatalError("FUZZ_READER must be one of \(names), not \"\(name)\"")
        }
        return reader
    }()
}

/// libFuzzer's own main, which is not used, wants it by this name.
@_cdecl("LLVMFuzzerTestOneInput")
func testOneInput(_ bytes: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    Chosen.reader.read(Array(UnsafeBufferPointer(start: bytes, count: count)))
    return 0
}

var count = CommandLine.argc
var arguments = CommandLine.unsafeArgv
exit(runDriver(&count, &arguments, testOneInput))
