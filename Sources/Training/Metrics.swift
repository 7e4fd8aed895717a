/// How well predictions agree with labels.
public struct Metrics: Codable, Equatable, Sendable {
    /// Of one label, against all others.
    public struct PerLabel: Codable, Equatable, Sendable {
        public var label: String
        public var precision: Double
        public var recall: Double
        public var f1: Double
        /// Area under the ROC curve of the label's score; nil where one side has no examples.
        public var auc: Double?
        public var support: Int
    }

    public var count: Int
    public var accuracy: Double
    public var macroF1: Double
    public var perLabel: [PerLabel]
    /// Rows are true labels, columns predicted ones.
    public var confusion: [[Int]]

    /// - Parameters:
    ///   - truth: the index in `labels` of each example's label.
    ///   - predicted: likewise.
    ///   - scores: (examples, labels).
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

private func ratio(_ part: Int, _ whole: Int) -> Double { whole == 0 ? 0 : Double(part) / Double(whole) }

/// The probability that a positive example scores above a negative one, ties counted half.
///
/// - Source: Mann and Whitney 1947; equal scores share their mean rank.
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
