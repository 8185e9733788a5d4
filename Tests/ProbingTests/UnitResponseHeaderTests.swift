import Support
import Testing

@testable import Probing

@Suite struct UnitResponseHeaderTests {
    private func read(_ lines: [String]) -> (readings: [ResponseHeader.Reading], lines: [String], isWhole: Bool) {
        var header = ResponseHeader()
        header.begin()
        var readings: [ResponseHeader.Reading] = []
        for line in lines {
            let bytes = line.utf8.map { CChar(bitPattern: $0) }
            readings.append(bytes.withUnsafeBufferPointer { header.add($0) })
        }
        return (readings, header.lines, header.isWhole)
    }

    @Test("a status line is one, or is refused")
    func statusLines() {
        let good = ["HTTP/1.1 200 OK\r\n", "HTTP/1.0 404\r\n", "HTTP/2 503 \r\n", "HTTP/1.1 200\n"]
        let wrong = [
            "HTTP/1.1 20 OK\r\n", "HTTP/1.1 2000\r\n", "HTTP/x 200 OK\r\n", "HTTP/1.1200 OK\r\n", "HTTP/1.1\r\n",
        ]
        for line in good { #expect(read([line]).readings == [.taken], "\(line)") }
        for line in wrong { #expect(read([line]).readings == [.wrongStatusLine], "\(line)") }
    }

    @Test("the last response's lines are kept, and it is whole at its empty line")
    func interim() {
        let seen = read([
            "HTTP/1.1 100 Continue\r\n", "\r\n", "HTTP/1.1 200 OK\r\n", "A: 1\r\n", "B: 2\r\n",
        ])
        #expect(seen.lines == ["HTTP/1.1 200 OK", "A: 1", "B: 2"])
        #expect(!seen.isWhole)
        #expect(read(["HTTP/1.1 200 OK\r\n", "\r\n"]).isWhole)
    }

    @Test("lines are taken up to the bound, over all responses, and refused one byte past it")
    func bound() {
        let line = String(repeating: "x", count: 1022) + "\r\n"
        let full = [String](repeating: line, count: ResponseHeader.bytesMax / 1024)
        #expect(read(full).readings.allSatisfy { $0 == .taken })
        #expect(read(full + ["\n"]).readings.last == .tooLarge)
        #expect(read(full).lines.joined().utf8.count <= ResponseHeader.keptMax)
    }

    @Test("any bytes are taken or refused, and never more is kept than the bound")
    func anyBytes() {
        let seed = UInt64.random(in: 0 ... .max)
        var random = SeededRandom(seed: seed)
        for _ in 0..<2000 {
            var header = ResponseHeader()
            header.begin()
            for _ in 0..<8 {
                var bytes = (0..<Int.random(in: 0...40, using: &random)).map { _ in
                    CChar.random(in: .min ... .max, using: &random)
                }
                if Bool.random(using: &random) { bytes = "HTTP/".utf8.map { CChar(bitPattern: $0) } + bytes }
                _ = bytes.withUnsafeBufferPointer { header.add($0) }
            }
            #expect(header.lines.joined().unicodeScalars.count <= ResponseHeader.keptMax, "seed \(seed)")
        }
    }
}
