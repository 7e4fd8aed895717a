/// The answers of a model to labelled examples.
public struct Predictions: Equatable, Sendable {
    /// The names of the labels.
    public let labels: [String]
    /// For each example, the index of its true label in `labels`.
    public let truth: [Int]
    /// For each example, the index of its predicted label.
    public let predicted: [Int]
    /// For each label, one score per example; shape (labels, examples).
    public let scores: [[Double]]
    /// The index of the label that is the positive class, or nil if the labels are equal in rank.
    public let positive: Int?
    /// Whether the scores of each example are between 0 and 1, and add up to 1.
    ///
    /// The measures of probabilities, such as the log loss, exist only if they do.
    public let areProbabilities: Bool

    /// The number of examples.
    public var count: Int { truth.count }

    /// The largest difference from 1 that the sum of an example's scores may have, so that scores in float32 count as
    /// probabilities.
    private static let tolerance = 1e-3

    /// Collects the answers of a model.
    ///
    /// A score that is not a number counts as the lowest one, and an infinite one as the largest finite number.
    ///
    /// - Parameters:
    ///   - labels: The names of the labels.
    ///   - truth: For each example, the index of its true label in `labels`.
    ///   - predicted: For each example, the index of its predicted label.
    ///   - scores: For each example, one score per label; shape (examples, labels).
    ///   - positive: The index of the positive class. If it is nil, the second of two labels is the positive class, and
    ///     of more labels none is.
    public init(
        labels: [String], truth: [Int], predicted: [Int], scores: [[some BinaryFloatingPoint]], positive: Int? = nil
    ) {
        precondition(truth.count == predicted.count && truth.count == scores.count, "each example needs an answer")
        precondition((truth + predicted).allSatisfy(labels.indices.contains), "each label needs a name")
        precondition(scores.allSatisfy { $0.count == labels.count }, "each example needs a score for each label")
        let columns = labels.indices.map { label in
            scores.map { finite(Double($0[label])) }
        }
        self.init(
            labels: labels, truth: truth, predicted: predicted, columns: columns,
            positive: positive ?? (labels.count == 2 ? 1 : nil))
    }

    private init(labels: [String], truth: [Int], predicted: [Int], columns: [[Double]], positive: Int?) {
        self.labels = labels
        self.truth = truth
        self.predicted = predicted
        self.scores = columns
        self.positive = positive
        areProbabilities = truth.indices.allSatisfy { example in
            let sum = columns.reduce(0) { $0 + $1[example] }
            return abs(sum - 1) <= Self.tolerance && columns.allSatisfy { (0...1).contains($0[example]) }
        }
    }

    /// Whether the predicted label of an example is the true one.
    public func isRight(_ example: Int) -> Bool { predicted[example] == truth[example] }

    /// Returns the score of the predicted label of an example.
    public func confidence(_ example: Int) -> Double { scores[predicted[example]][example] }

    /// Returns the predictions of some of the examples.
    ///
    /// - Parameter examples: The indices of the examples, in the new order.
    /// - Returns: The predictions of these examples only.
    public func selecting(_ examples: [Int]) -> Predictions {
        Predictions(
            labels: labels, truth: examples.map { truth[$0] }, predicted: examples.map { predicted[$0] },
            columns: scores.map { column in examples.map { column[$0] } }, positive: positive)
    }

    /// Returns the same predictions with the labels in another order.
    ///
    /// - Parameter names: The names of the labels in the new order.
    /// - Returns: The predictions, or nil if `names` are not the names of these labels.
    public func ordered(by names: [String]) -> Predictions? {
        guard Set(names) == Set(labels), names.count == labels.count else { return nil }
        let position = labels.map { names.firstIndex(of: $0) ?? 0 }
        let origin = names.map { labels.firstIndex(of: $0) ?? 0 }
        return Predictions(
            labels: names, truth: truth.map { position[$0] }, predicted: predicted.map { position[$0] },
            columns: origin.map { scores[$0] }, positive: positive.map { position[$0] })
    }
}

/// Returns the nearest finite number, which JSON can hold, or the lowest one for a value that is not a number.
private func finite(_ value: Double) -> Double {
    let most = Double.greatestFiniteMagnitude
    return value.isNaN ? -most : min(max(value, -most), most)
}
