import Fixtures
import Testing

@testable import Text

@Suite struct UnigramTests {
    private let special = SpecialTokens(unknown: 3, start: 0, end: 2, literals: [])

    private func ids(
        _ text: String, _ tokens: [(text: String, score: Float)], characters: CharacterMap? = nil
    ) -> [Int32] {
        let trie = Trie.build(tokens.enumerated().map { (bytes: Array($1.text.utf8), id: Int32($0 + 4)) })
        let scores = [0, 0, 0, 0] + tokens.map(\.score)
        return trie.withUnsafeBufferPointer { trie in
            scores.withUnsafeBufferPointer { scores in
                Unigram(
                    trie: Trie(words: trie, vocabulary: scores.count), scores: scores,
                    lowestScore: tokens.map(\.score).min() ?? 0, characters: characters, words: .whiteSpace,
                    replacesQuotes: false,
                    special: special
                ).encode(text, limit: 512).ids.dropFirst().dropLast()
            }
        }
    }

    /// Finds the best score of all ways to cut a word, by trying them all.
    private func bestScore(_ word: [Character], _ tokens: [String: Float], unknown: Double) -> Double {
        guard !word.isEmpty else { return 0 }
        return (1...word.count).map { length in
            let head = String(word.prefix(length))
            guard let score = tokens[head].map(Double.init) ?? (length == 1 ? unknown : nil) else {
                return -.infinity
            }
            return score + bestScore(Array(word.dropFirst(length)), tokens, unknown: unknown)
        }.max() ?? -.infinity
    }

    @Test("The most probable of all ways to cut a word is found")
    func best() {
        var random = Seeded(3)
        for _ in 0..<150 {
            var tokens: [String: Float] = ["▁": -4]
            for _ in 0..<Int.random(in: 1...14, using: &random) {
                let text = (0..<Int.random(in: 1...4, using: &random)).map { _ in
                    ["a", "b", "é"].randomElement(using: &random) ?? "a"
                }
                let mark = Bool.random(using: &random) ? "▁" : ""
                tokens[mark + text.joined()] = Float.random(in: -9 ... -1, using: &random)
            }
            let list = tokens.sorted { $0.key < $1.key }.map { (text: $0.key, score: $0.value) }
            let unknown = Double(tokens.values.min() ?? 0) - 10
            let word = (0..<Int.random(in: 1...8, using: &random)).map { _ in
                ["a", "b", "é"].randomElement(using: &random) ?? "a"
            }.joined()
            let found = ids(word, list)
            // Every unknown token stands for at least one character, so the score cannot be counted with them.
            guard !found.contains(3) else { continue }
            let score = found.reduce(0.0) { $0 + Double(list[Int($1) - 4].score) }
            let expected = bestScore(Array("▁" + word), tokens, unknown: unknown)
            #expect(abs(score - expected) < 1e-9)
            #expect(found.map { list[Int($0) - 4].text }.joined() == "▁" + word)
        }
    }

    @Test("Unknown characters in a row are one token")
    func unknown() {
        let tokens: [(text: String, score: Float)] = [("▁", -2), ("a", -2), ("▁a", -1)]
        #expect(ids("zz", tokens) == [4, 3])
        #expect(ids("azza z", tokens) == [6, 3, 5, 4, 3])
        #expect(ids("", tokens) == [] && ids(" \n ", tokens) == [])
    }

    @Test("A table of characters that is damaged in any way neither stops the process nor maps outside of itself")
    func damage() {
        var random = Seeded(4)
        for _ in 0..<500 {
            let table = (0..<Int.random(in: 0...64, using: &random)).map { index in
                let isSize = index < 4 && Bool.random(using: &random)
                return isSize ? UInt8(index == 0 ? 16 : 0) : UInt8.random(in: 0...255, using: &random)
            }
            table.withUnsafeBytes { table in
                let tokens: [(text: String, score: Float)] = [("▁", -2), ("a", -2)]
                let found = ids("a é 日本 e\u{301} \u{0}\r\n👩‍👩‍👧", tokens, characters: CharacterMap(table))
                #expect(found.allSatisfy { (3...5).contains($0) })
            }
        }
    }
}
