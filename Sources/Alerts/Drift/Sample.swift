import Glibc
public import ModelFile

/// What some texts and their predictions are like: counts and sums, so that samples can be added.
public struct Sample: Sendable, Equatable {
    /// The sums of some numbers and of their squares.
    struct Sums: Sendable, Equatable {
        var count = 0
        var sum = 0.0
        var squares = 0.0

        mutating func add(_ value: Double) {
            count += 1
            sum += value
            squares += value * value
        }

        mutating func add(_ other: Sums) {
            count += other.count
            sum += other.sum
            squares += other.squares
        }

        var mean: Double { count > 0 ? sum / Double(count) : 0 }

        /// The variance that the sample estimates.
        var variance: Double { count > 1 ? max(0, (squares - sum * mean) / Double(count - 1)) : 0 }

        var spread: TrainingStatistics.Spread {
            .init(mean: Float(mean), deviation: Float(variance.squareRoot()))
        }
    }

    /// The number of texts.
    public private(set) var texts = 0
    /// How often each label was given.
    private(set) var labels: [Int]
    private(set) var score = Sums()
    private(set) var length = Sums()
    private(set) var unknown = Sums()

    /// Creates an empty sample.
    ///
    /// - Parameter labels: The number of labels.
    public init(labels: Int) { self.labels = Array(repeating: 0, count: labels) }

    /// Adds a text and its prediction.
    ///
    /// - Parameters:
    ///   - text: The text.
    ///   - label: The index of the label.
    ///   - score: The score of the label.
    ///   - tokens: The number of tokens.
    ///   - unknownTokens: The number of tokens that the model does not know, or nil.
    public mutating func add(_ text: String, label: Int, score: Float, tokens: Int, unknownTokens: Int?) {
        add(
            characters: text.unicodeScalars.count, label: label, score: score, tokens: tokens,
            unknownTokens: unknownTokens)
    }

    mutating func add(characters: Int, label: Int, score: Float, tokens: Int, unknownTokens: Int?) {
        guard labels.indices.contains(label), score.isFinite else { return }
        texts += 1
        labels[label] += 1
        self.score.add(Double(score))
        // Lengths are far from normal, and their logarithms are closer to it.
        length.add(log(1 + Double(characters)))
        if let unknownTokens, tokens > 0 { unknown.add(Double(unknownTokens) / Double(tokens)) }
    }

    /// Adds another sample.
    ///
    /// - Parameter other: A sample with the same number of labels.
    public mutating func add(_ other: Sample) {
        texts += other.texts
        for index in labels.indices where other.labels.indices.contains(index) { labels[index] += other.labels[index] }
        score.add(other.score)
        length.add(other.length)
        unknown.add(other.unknown)
    }

    /// The sample as a model file keeps it, or nil if there are no texts.
    public var statistics: TrainingStatistics? {
        guard texts > 0 else { return nil }
        return TrainingStatistics(
            texts: texts, labels: labels, score: score.spread, length: length.spread,
            unknown: unknown.count > 0 ? unknown.spread : nil)
    }
}
