import Fixtures
import Testing

@testable import Feedback

/// The form of a line, and what is found in files that are damaged.
@Suite struct LineTests {
    @Test func theChecksumIsCRC32C() {
        // RFC 3720, appendix B.4, and the check value of the catalogue of CRC algorithms.
        #expect(Checksum.of("123456789".utf8) == 0xE306_9283)
        #expect(Checksum.of([UInt8](repeating: 0, count: 32)) == 0x8A91_36AA)
        #expect(Checksum.of([UInt8](repeating: 0xFF, count: 32)) == 0x62A8_AB43)
        #expect(Checksum.of([UInt8](0..<32)) == 0x46DD_794E)
    }

    @Test func aLineIsAChecksumAndJSON() {
        #expect(String(decoding: Line.framed(Array("{}".utf8)), as: UTF8.self) == "297bd0aa {}\n")
    }

    @Test func everyChangeOfOneByteIsNoticed() {
        let line = Line.framed(Array(#"{"text":"late again"}"#.utf8)).dropLast()
        #expect(Line.content(line) != nil)
        for index in line.indices {
            for bit in 0..<8 {
                var damaged = line
                damaged[index] ^= 1 << bit
                #expect(Line.content(damaged) == nil, "bit \(bit) of byte \(index)")
            }
        }
    }

    @Test func aFileThatIsCutAnywhereHoldsTheLinesBeforeTheCut() {
        let lines = (0..<20).map { Line.framed(Array(#"{"n":\#($0 * $0 * 1000)}"#.utf8)) }
        let file = Array(lines.joined())
        var ends = [0]
        for line in lines { ends.append((ends.last ?? 0) + line.count) }
        for size in 0...file.count {
            let (found, end) = Line.lines(of: Array(file.prefix(size)))
            let complete = ends.filter { $0 <= size }
            #expect(end == complete.last)
            #expect(found.count == complete.count - 1 && found.allSatisfy { $0.content != nil })
        }
    }

    @Test func aDamagedLineDoesNotHideTheOneAfterIt() {
        var random = Seeded(5)
        let lines = (0..<50).map { Line.framed(Array(#"{"n":\#($0)}"#.utf8)) }
        for _ in 0..<200 {
            var damaged = lines
            let victim = Int.random(in: 0..<50, using: &random)
            let noise = (0..<Int.random(in: 0..<30, using: &random)).map { _ in
                UInt8.random(in: 0...255, using: &random)
            }
            damaged[victim] = noise.filter { $0 != 10 } + [10]
            let found = Line.lines(of: Array(damaged.joined())).lines
            #expect(found.count == 50)
            #expect(found.indices.filter { found[$0].content == nil } == [victim])
        }
    }
}
