import Fixtures
import Testing

@testable import Text

@Suite("The pieces that a text uses") struct WordPieceMatchTests {
    private func withWordPiece<R>(_ tokens: [String], _ body: (WordPiece) throws -> R) rethrows -> R {
        try Trie.build(tokens).withUnsafeBufferPointer { words in
            try body(
                WordPiece(
                    trie: Trie(words: words, vocabulary: tokens.count), normalizer: Normalizer(),
                    special: .init(unknown: 0, start: 1, end: 2, literals: [])))
        }
    }

    private func spelled(_ text: String, _ tokens: [String]) -> [String] {
        withWordPiece(tokens) { $0.encode(text, limit: .max).ids.map { tokens[Int($0)] } }
    }

    @Test("A piece of a word that becomes unknown is one of them")
    func unknown() {
        let tokens = ["[UNK]", "[CLS]", "[SEP]", "a", "ab", "##bx"]
        var found: [String] = []
        withWordPiece(tokens) { $0.forEachMatch(in: "abx a") { found.append(tokens[Int($0)]) } }
        #expect(found == ["ab", "a"])
        #expect(spelled("abx", tokens) == ["[CLS]", "[UNK]", "[SEP]"])
        // Without this piece, the word would no longer be unknown.
        #expect(spelled("abx", tokens.filter { $0 != "ab" }) == ["[CLS]", "a", "##bx", "[SEP]"])
    }

    @Test("A smaller vocabulary with all of them cuts the text in the same way", arguments: 1...200)
    func subset(seed: UInt64) {
        var random = Seeded(seed)
        func word(_ letters: String, _ longest: Int) -> String {
            let count = Int.random(in: 1...longest, using: &random)
            return String((0..<count).map { _ in letters.randomElement(using: &random) ?? "a" })
        }
        // The letter d is in no piece, so some words are unknown.
        let words = (0..<40).map { _ in word("abc", 4) }
        let pieces = Set(words + words.map { "##" + $0 }).sorted().filter { _ in Bool.random(using: &random) }
        let tokens = ["[UNK]", "[CLS]", "[SEP]"] + pieces
        let text = (0..<12).map { _ in word("aaabbbcccd", 9) }.joined(separator: " ")
        var used: Set<Int> = [0, 1, 2]
        withWordPiece(tokens) { $0.forEachMatch(in: text) { used.insert(Int($0)) } }
        let smaller = tokens.indices.filter { used.contains($0) || Int.random(in: 0..<4, using: &random) == 0 }
        #expect(spelled(text, smaller.map { tokens[$0] }) == spelled(text, tokens))
    }
}
