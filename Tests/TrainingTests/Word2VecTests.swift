import Fixtures
import Testing
import Text

@testable import Training

/// word2vec: what it draws, what it learns, and that it always learns the same.
@Suite struct Word2VecTests {
    private func options(_ architecture: Word2VecOptions.Architecture) throws -> Word2VecOptions {
        var options = Word2VecOptions(try TextPipeline(["lowercase"]))
        (options.architecture, options.width, options.minimumCount, options.sample) = (architecture, 20, 2, 0)
        return options
    }

    /// Texts about one of two topics.
    ///
    /// A word of a topic never occurs in a text about the other one.
    private func texts(_ count: Int) -> [String] {
        var random = Seeded(9)
        return (0..<count).map { index in
            (0..<8).map { _ in "\(index % 2 == 0 ? "a" : "b")\(Int.random(in: 0..<12, using: &random))" }
                .joined(separator: " ")
        }
    }

    private func cosine(_ vectors: WordVectors, _ a: String, _ b: String) throws -> Float {
        let rows = try [a, b].map { word in
            let index = try #require(vectors.words.firstIndex(of: word))
            return Array(vectors.values[index * vectors.width..<(index + 1) * vectors.width])
        }
        let products = [(0, 1), (0, 0), (1, 1)].map { Vector.dot(rows[$0], rows[$1]) }
        return Float(products[0] / (products[1] * products[2]).squareRoot())
    }

    @Test("Words of the same topic get similar vectors", arguments: Word2VecOptions.Architecture.allCases)
    func topics(architecture: Word2VecOptions.Architecture) throws {
        var options = try options(architecture)
        (options.epochs, options.learningRate) = (20, 0.05)
        let vectors = Word2Vec(texts(600), options).train()
        #expect(vectors.words.count == 24)
        var (same, other): ([Float], [Float]) = ([], [])
        for a in 0..<12 {
            for b in 0..<a {
                same += [try cosine(vectors, "a\(a)", "a\(b)"), try cosine(vectors, "b\(a)", "b\(b)")]
                other += [try cosine(vectors, "a\(a)", "b\(b)"), try cosine(vectors, "b\(a)", "a\(b)")]
            }
        }
        let means = [same, other].map { $0.reduce(0, +) / Float($0.count) }
        #expect(means[0] > means[1] + 0.3, "\(means)")
    }

    @Test("The same seed gives the same vectors, and another one gives others")
    func seeds() throws {
        var options = try options(.skipGram)
        options.sample = 1e-2
        let first = Word2Vec(texts(100), options).train()
        #expect(first == Word2Vec(texts(100), options).train())
        options.seed = 2
        #expect(first != Word2Vec(texts(100), options).train())
    }

    @Test("Rare words get no vector, and a window reaches over them")
    func rareWords() throws {
        let learner = Word2Vec(["x y rare z", "y z", "x once", ""], try options(.cbow))
        #expect(learner.vocabulary.words.map(\.text) == ["x", "y", "z"])
        #expect(learner.wordCount == 6)
        let sentences = Sentences(["x y rare z", "", "z y"], learner.vocabulary, try TextPipeline(["lowercase"]))
        #expect(sentences.words == [0, 1, 2, 2, 1] && sentences.starts == [0, 3, 3, 5])
        #expect(Word2Vec(["a", "b"], try options(.cbow)).train().words.isEmpty)
    }

    @Test("A word is drawn with a probability that grows with the power 0.75 of its count")
    func draws() {
        let counts = [1000, 100, 10, 1, 1, 300]
        let sampler = NegativeSampler(counts)
        var random = SplitMix64(seed: 3)
        var found = [Double](repeating: 0, count: counts.count)
        let draws = 400_000
        for _ in 0..<draws { found[Int(sampler.draw(&random))] += 1 / Double(draws) }
        let weights = [177.8279, 31.6228, 5.6234, 1, 1, 72.0849]  // the powers 0.75
        let sum = weights.reduce(0, +)
        for (found, weight) in zip(found, weights) {
            let expected = weight / sum
            #expect(abs(found - expected) < 5 * (expected / Double(draws)).squareRoot())
        }
    }

    @Test("Frequent words are left out as often as the original leaves them out")
    func sampling() throws {
        var options = try options(.cbow)
        options.sample = 1e-3
        #expect(abs(options.keepProbability(share: 0.01) - 0.416228) < 1e-6)
        #expect(abs(options.keepProbability(share: 0.1) - 0.11) < 1e-9)
        #expect(options.keepProbability(share: 1e-3) == 1)
        options.sample = 0
        #expect(options.keepProbability(share: 0.5) == 1)
    }
}
