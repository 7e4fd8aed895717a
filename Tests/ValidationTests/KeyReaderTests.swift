import Fixtures
import Testing

@testable import Validation

@Suite struct KeyReaderTests {
    private static let typed: [(String, [Key])] = [
        ("1q", [.character("1"), .character("q")]), ("\r\n", [.enter, .enter]),
        ("\u{7F}\u{8}", [.backspace, .backspace]),
        ("\u{3}", [.interrupt]), ("\u{1B}[A\u{1B}[B\u{1B}[C\u{1B}[D", [.up, .down, .right, .left]),
        ("\u{1B}OA", [.up]), ("\u{1B}[15~x", [.other, .character("x")]), ("\u{1B}[1;5C", [.other]),
        ("é😀", [.character("é"), .character("😀")]),
        ("\u{1B}[200~a\nq1\u{1B}[201~2", [.paste("a\nq1"), .character("2")]),
        ("\u{1}\t", [.other, .other]),
    ]

    @Test(arguments: typed)
    func bytesBecomeKeys(text: String, keys: [Key]) {
        var reader = KeyReader()
        #expect(reader.keys(text.utf8) == keys)
        #expect(!reader.isWaiting)
    }

    @Test(arguments: typed)
    func keysDoNotDependOnHowTheBytesArrive(text: String, keys: [Key]) {
        var reader = KeyReader()
        #expect(text.utf8.flatMap { reader.keys([$0]) } == keys)
    }

    @Test func aLoneEscIsTheKeyWhenNothingFollows() {
        var reader = KeyReader()
        #expect(reader.keys([0x1B]).isEmpty && reader.isWaiting)
        #expect(reader.flush() == [.escape] && !reader.isWaiting)
        #expect(reader.keys([0x1B, 0x1B, 0x31]) == [.escape, .escape, .character("1")])
    }

    @Test func anyBytesAreReadAndMemoryStaysBounded() {
        var random = Seeded(7)
        var reader = KeyReader()
        for _ in 0..<20_000 {
            _ = reader.keys([UInt8.random(in: 0...255, using: &random)])
            if Int.random(in: 0..<50, using: &random) == 0 { _ = reader.flush() }
        }
        _ = reader.flush()
        _ = reader.keys("\u{1B}[200~".utf8)
        for _ in 0..<200 { _ = reader.keys([UInt8](repeating: 0x61, count: 1000)) }
        #expect(reader.flush().count <= 1)
    }
}
