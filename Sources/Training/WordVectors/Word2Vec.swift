import CTraining
import Foundation

/// Learns word vectors by predicting words from the words around them.
///
/// - Source: Mikolov et al. 2013, arXiv:1301.3781 and arXiv:1310.4546.
public struct Word2Vec: Sendable {
    /// How the vectors are learned.
    public let options: Word2VecOptions
    /// The words that get vectors.
    public let vocabulary: WordCounts
    private let sentences: Sentences

    /// The number of occurrences of words with vectors in one pass over the texts.
    public var wordCount: Int { sentences.words.count }

    /// Counts the words of texts.
    ///
    /// - Parameters:
    ///   - texts: The texts. A window of words never reaches from one into another.
    ///   - options: How the vectors are learned.
    public init(_ texts: [String], _ options: Word2VecOptions) {
        self.options = options
        vocabulary = WordCounts(of: texts, options.pipeline, minimum: options.minimumCount)
        sentences = Sentences(texts, vocabulary, options.pipeline)
    }

    /// Learns the vectors.
    ///
    /// The same seed always gives the same vectors. One thread is used: threads that learn with copies of the vectors and
    /// join them would each make a part of the steps only, which gives worse vectors.
    ///
    /// - Parameter progress: Receives the share of the work that is done, a few times each second.
    /// - Returns: The vectors, those of the most frequent words first. There are none if no word is frequent enough.
    /// - Complexity: O(epochs · words · width · (negatives + 1)), for skip-gram times the window.
    public func train(_ progress: (_ share: Double) -> Void = { _ in }) -> WordVectors {
        var random = SplitMix64(seed: options.seed)
        let tables = VectorTables(rows: vocabulary.words.count, width: options.width, &random)
        if !vocabulary.words.isEmpty {
            let pass = pass(tables)
            let all = max(1, options.epochs * wordCount)
            for epoch in 0..<options.epochs {
                for sentence in 0..<sentences.count {
                    let range = sentences.starts[sentence]..<sentences.starts[sentence + 1]
                    let done = epoch * wordCount + range.lowerBound
                    let left = 1 - Double(done) / Double(all + 1)
                    pass.learn(sentences.words[range], rate: Float(options.firstRate * max(1e-4, left)), &random)
                    if sentence % Self.sentencesForProgress == 0 { progress(Double(done) / Double(all)) }
                }
            }
            progress(1)
        }
        let values = (0..<tables.rows).flatMap { row in
            UnsafeBufferPointer(start: tables.input + row * tables.stride, count: options.width)
        }
        return WordVectors(words: vocabulary.words.map(\.text), width: options.width, values: values)
    }

    private static let sentencesForProgress = 4096

    private func pass(_ tables: VectorTables) -> Word2VecPass {
        let all = Double(max(1, wordCount))
        let keep = vocabulary.words.map {
            UInt64((options.keepProbability(share: Double($0.count) / all) * 0x1p32).rounded())
        }
        let logistic = (0..<Int(training_logistic_count)).map { index in
            1 / (1 + exp(Float(training_logistic_limit) - (Float(index) + 0.5) / Float(training_logistic_unit)))
        }
        return Word2VecPass(
            options, tables, Arithmetic(.float32, threads: 1).kernels, NegativeSampler(vocabulary.words.map(\.count)),
            keep: keep, logistic: logistic)
    }
}
