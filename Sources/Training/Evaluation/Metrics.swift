/// Measures of how well predicted labels and scores agree with the true labels.
///
/// A ratio whose denominator is 0 is reported as 0.
public struct Metrics: Codable, Equatable, Sendable {
    /// The measures of one label, with every other label as the negative class.
    public struct PerLabel: Codable, Equatable, Sendable {
        /// The name of the label.
        public var label: String
        /// The share of the predictions of this label that are right.
        public var precision: Double
        /// The share of the examples of this label that are predicted as this label.
        public var recall: Double
        /// The harmonic mean of precision and recall.
        public var f1: Double
        /// The area under the ROC curve (receiver operating characteristic) of the label's score.
        ///
        /// It is nil if no example, or every example, has this label.
        public var auc: Double?
        /// The number of examples of this label.
        public var support: Int
    }

    /// The number of examples.
    public var count: Int
    /// The share of the examples whose predicted label is the true one.
    public var accuracy: Double
    /// The mean of the labels' F1 values, each with equal weight.
    public var macroF1: Double
    /// The measures of each label, in the order of the labels.
    public var perLabel: [PerLabel]
    /// The number of examples for each true label (row) and predicted label (column).
    public var confusion: [[Int]]

    /// Computes the measures of a set of examples.
    ///
    /// - Parameters:
    ///   - labels: the names of the labels.
    ///   - truth: for each example, the index of its true label in `labels`.
    ///   - predicted: for each example, the index of its predicted label.
    ///   - scores: for each example, one score per label; shape (examples, labels).
    public init(labels: [String], truth: [Int], predicted: [Int], scores: [[Float]]) {
        precondition(truth.count == predicted.count && truth.count == scores.count)
        var confusion = [[Int]](repeating: [Int](repeating: 0, count: labels.count), count: labels.count)
        for (truth, predicted) in zip(truth, predicted) { confusion[truth][predicted] += 1 }
        count = truth.count
        let correct = labels.indices.reduce(0) { $0 + confusion[$1][$1] }
        accuracy = ratio(correct, truth.count)
        perLabel = labels.indices.map { label in
            let hits = confusion[label][label]
            let support = confusion[label].reduce(0, +)
            let claimed = confusion.reduce(0) { $0 + $1[label] }
            return PerLabel(
                label: labels[label], precision: ratio(hits, claimed), recall: ratio(hits, support),
                f1: ratio(2 * hits, claimed + support),
                auc: areaUnderCurve(scores: scores.map { $0[label] }, isPositive: truth.map { $0 == label }),
                support: support)
        }
        macroF1 = perLabel.isEmpty ? 0 : perLabel.reduce(0) { $0 + $1.f1 } / Double(perLabel.count)
        self.confusion = confusion
    }
}

/// Returns `part / whole`, or 0 if `whole` is 0.
private func ratio(_ part: Int, _ whole: Int) -> Double { whole == 0 ? 0 : Double(part) / Double(whole) }

/// Returns the probability that a positive example has a higher score than a negative one; a tie counts as one half.
///
/// This is the area under the ROC curve. It is computed from the ranks of the scores, and equal scores get their mean
/// rank. The result is nil if there are no positive or no negative examples.
///
/// - Source: Mann and Whitney 1947, doi:10.1214/aoms/1177730491.
/// - Complexity: O(n log n).
func areaUnderCurve(scores: [Float], isPositive: [Bool]) -> Double? {
    let positives = isPositive.count { $0 }
    let negatives = isPositive.count - positives
    guard positives > 0, negatives > 0 else { return nil }
    let order = scores.indices.sorted { scores[$0] < scores[$1] }
    var rankSum = 0.0
    var first = 0
    while first < order.count {
        var last = first
        while last + 1 < order.count, scores[order[last + 1]] == scores[order[first]] { last += 1 }
        let meanRank = Double(first + last) / 2 + 1
        rankSum += meanRank * Double(order[first...last].count { isPositive[$0] })
        first = last + 1
    }
    return (rankSum - Double(positives) * Double(positives + 1) / 2) / (Double(positives) * Double(negatives))
}
