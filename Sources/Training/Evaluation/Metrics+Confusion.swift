extension Metrics {
    /// Computes the measures that follow from the confusion matrix alone; the others are nil.
    ///
    /// - Parameters:
    ///   - labels: The names of the labels.
    ///   - confusion: The number of examples for each true label (row) and predicted label (column).
    init(labels: [String], confusion: [[Int]]) {
        let support = confusion.map { $0.reduce(0, +) }
        let claimed = labels.indices.map { label in confusion.reduce(0) { $0 + $1[label] } }
        let hits = labels.indices.map { confusion[$0][$0] }
        let count = support.reduce(0, +)
        let perLabel = labels.indices.map { label in
            PerLabel(
                label: labels[label], precision: ratio(hits[label], claimed[label]),
                recall: ratio(hits[label], support[label]), f1: ratio(2 * hits[label], claimed[label] + support[label]),
                support: support[label])
        }
        func macro(_ value: (PerLabel) -> Double) -> Double {
            perLabel.isEmpty ? 0 : perLabel.reduce(0) { $0 + value($1) } / Double(perLabel.count)
        }
        func weighted(_ value: (PerLabel) -> Double) -> Double {
            count == 0 ? 0 : perLabel.reduce(0) { $0 + value($1) * Double($1.support) } / Double(count)
        }
        self.count = count
        accuracy = ratio(hits.reduce(0, +), count)
        macroPrecision = macro(\.precision)
        macroRecall = macro(\.recall)
        macroF1 = macro(\.f1)
        weightedPrecision = weighted(\.precision)
        weightedRecall = weighted(\.recall)
        weightedF1 = weighted(\.f1)
        matthews = correlation(hits: hits.reduce(0, +), support: support, claimed: claimed, count: count)
        self.perLabel = perLabel
        self.confusion = confusion
    }
}

/// Returns `part / whole`, or 0 if `whole` is 0.
private func ratio(_ part: Int, _ whole: Int) -> Double { whole == 0 ? 0 : Double(part) / Double(whole) }

/// Returns the correlation coefficient of Matthews for any number of labels.
///
/// - Source: Gorodkin 2004, doi:10.1016/j.compbiolchem.2004.09.006.
private func correlation(hits: Int, support: [Int], claimed: [Int], count: Int) -> Double {
    func product(_ a: [Int], _ b: [Int]) -> Double { zip(a, b).reduce(0) { $0 + Double($1.0) * Double($1.1) } }
    let square = Double(count) * Double(count)
    let covariance = Double(hits) * Double(count) - product(support, claimed)
    let variance = (square - product(claimed, claimed)) * (square - product(support, support))
    return variance == 0 ? 0 : covariance / variance.squareRoot()
}
