import Fixtures
import Testing

@testable import Text

@Suite struct TrieTests {
    private func withTrie<R>(_ tokens: [String], _ body: (Trie) throws -> R) rethrows -> R {
        try Trie.build(tokens).withUnsafeBufferPointer { try body(Trie(words: $0, vocabulary: tokens.count)) }
    }

    private func randomVocabulary(_ seed: UInt64) -> [String] {
        var random = Seeded(seed)
        let tokens = (0..<2000).map { _ in
            String(
                (0..<Int.random(in: 1...8, using: &random)).map { _ in "abcdé漢😀#".randomElement(using: &random) ?? "a" }
            )
        }
        return Set(tokens).sorted()
    }

    @Test(arguments: 1...5)
    func everyTokenIsFoundAndNoOtherString(seed: UInt64) {
        let all = randomVocabulary(seed)
        let tokens = all.enumerated().filter { $0.offset % 2 == 0 }.map(\.element)
        withTrie(tokens) { trie in
            for (id, token) in tokens.enumerated() { #expect(trie.id(of: token) == Int32(id)) }
            for token in all where !tokens.contains(token) { #expect(trie.id(of: token) == nil) }
        }
    }

    @Test func theVocabularyCanBeReadBack() {
        let tokens = randomVocabulary(9)
        withTrie(tokens) { trie in
            #expect(trie.tokens() == Dictionary(uniqueKeysWithValues: tokens.enumerated().map { (Int32($0), $1) }))
        }
    }

    @Test func theLongestMatchingTokenIsReturned() throws {
        try withTrie(["a", "ab", "abcd", "c"]) { trie in
            let root = try #require(trie.node(of: []))
            try Array("abcx".utf8).withUnsafeBufferPointer { word in
                let found = try #require(trie.longestToken(in: word, from: 0, node: root))
                #expect(found == (1, 2))
                #expect(trie.longestToken(in: word, from: 3, node: root) == nil)
            }
        }
    }

    @Test func anEmptyTrieHasNoTokens() {
        withTrie([]) { #expect($0.id(of: "a") == nil) }
        #expect([Int32]().withUnsafeBufferPointer { Trie(words: $0, vocabulary: 3).id(of: "a") } == nil)
    }

    @Test(arguments: 1...200)
    func aWalkInADamagedTrieStaysInsideTheArray(seed: UInt64) {
        var random = Seeded(seed)
        var words = Trie.build(["love", "late", "##ly", "a", "b"])
        for _ in 0..<20 {
            words[Int.random(in: words.indices, using: &random)] = Int32(
                truncatingIfNeeded: random.next() >> UInt64.random(in: 0..<64, using: &random))
        }
        words.withUnsafeBufferPointer { words in
            let trie = Trie(words: words, vocabulary: 5)
            let special = SpecialTokens(unknown: 0, start: 1, end: 2, literals: [])
            let ids = WordPiece(trie: trie, normalizer: Normalizer(), special: special).encode(
                "lovely late ab", limit: 64
            ).ids
            #expect(ids.allSatisfy { (0..<5).contains($0) })
            _ = trie.tokens()
        }
    }
}
