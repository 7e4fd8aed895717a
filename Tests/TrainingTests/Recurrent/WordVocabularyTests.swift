import Testing
import Text

@testable import Training

/// The words of a recurrent network, and the vectors that they start from.
@Suite("Words of recurrent networks") struct WordVocabularyTests {
    private let texts = ["so good so good", "so late", "late again", "good again !"]

    private func vocabulary(
        minimum: Int = 1, limit: Int = 100, having vectors: PretrainedVectors? = nil
    ) throws -> WordVocabulary {
        WordVocabulary(
            of: texts, try TextPipeline(preset: "tweet"), .token, minimumTexts: minimum, limit: limit, having: vectors)
    }

    private func vectors(_ words: [String], width: Int = 2) throws -> PretrainedVectors {
        let block = try vocabulary().block
        return PretrainedVectors(
            words.map { block.hash(of: $0, inBlock: 0) }, width: width,
            words.indices.flatMap { word in (0..<width).map { Float(10 * (word + 1) + $0) } })
    }

    @Test("A word has a row if it occurs in enough texts, and the most frequent words come first")
    func frequentWords() throws {
        let all = try vocabulary()
        #expect(all.hashes.count == 5 && all.rows == 7)
        let twice = try vocabulary(minimum: 2)
        #expect(twice.row(of: "!") == nil && ["so", "good", "late", "again"].allSatisfy { twice.row(of: $0) != nil })
        #expect(try vocabulary(limit: 3).hashes.count == 3)
    }

    @Test("Texts become rows of their words, up to a limit, and other words have the row of unknown ones")
    func rows() throws {
        let words = try vocabulary()
        let known = ["so", "late"].map { Int32(words.row(of: $0) ?? -1) }
        #expect(known.allSatisfy { $0 >= WordVocabulary.first } && known[0] != known[1])
        let found = words.rows(of: ["so late never", "", "late so so"], maxTokens: 3)
        #expect(found == [[known[0], known[1], WordVocabulary.unknown], [], [known[1], known[0], known[0]]])
        #expect(words.rows(of: ["so late never"], maxTokens: 2) == [[known[0], known[1]]])
    }

    @Test("Words without a vector are left out if that is wanted")
    func onlyWithVectors() throws {
        let words = try vocabulary(having: vectors(["good", "late", "elsewhere"]))
        #expect(words.hashes.count == 2 && words.row(of: "good") != nil && words.row(of: "late") != nil)
        #expect(words.row(of: "so") == nil && words.row(of: "elsewhere") == nil)
    }

    @Test("Vectors of a file replace new ones, all by the same factor, and nothing else changes")
    func startingValues() throws {
        let (words, given) = (try vocabulary(), try vectors(["good", "late", "elsewhere"], width: 3))
        let layout = RecurrentLayout(
            RecurrentShape(
                rows: words.rows, width: 3, units: 4, layers: 1, directions: 2, pooling: .max, labels: 2, dropout: 0))
        let (new, values) = (layout.newValues(seed: 3), layout.newValues(seed: 3, given, words))
        var isReplaced = [Bool](repeating: false, count: values.count)
        var factors: [Float] = []
        for (word, first) in [("good", Float(10)), ("late", Float(20))] {
            let start = try #require(words.row(of: word)) * 3
            for index in 0..<3 {
                isReplaced[start + index] = true
                factors.append(values[start + index] / (first + Float(index)))
            }
        }
        // The mean square of all numbers of the file becomes 0.01.
        let square = given.values.reduce(0) { $0 + $1 * $1 } / Float(given.values.count)
        #expect(factors.allSatisfy { abs($0 / (0.1 / square.squareRoot()) - 1) < 1e-5 })
        #expect(values.indices.allSatisfy { isReplaced[$0] || values[$0] == new[$0] })
    }
}
