internal import Foundation

extension Metrics {
    /// The measures of someone who does not read the texts and knows only how frequent each label is.
    ///
    /// Their answer is always the most frequent label, and their probabilities are the shares of the labels. A model is
    /// useful if it is clearly better. The calibration error is left out, because these answers are well calibrated.
    public var withoutModel: [Metric: Double] {
        guard count > 0, !perLabel.isEmpty else { return [:] }
        let shares = perLabel.map { Double($0.support) / Double(count) }
        let labels = Double(perLabel.count)
        let largest = shares.max() ?? 0
        let positiveShare = perLabel.firstIndex { $0.label == positive }.map { shares[$0] }
        let square = shares.reduce(0) { $0 + $1 * (1 - $1) }
        return [
            .accuracy: largest, .macroPrecision: largest / labels, .macroRecall: 1 / labels,
            .macroF1: 2 * largest / (1 + largest) / labels, .weightedPrecision: largest * largest,
            .weightedRecall: largest, .weightedF1: 2 * largest * largest / (1 + largest), .matthews: 0, .rocAUC: 0.5,
            .averagePrecision: positiveShare ?? shares.reduce(0, +) / Double(max(shares.count { $0 > 0 }, 1)),
            .logLoss: shares.reduce(0) { $1 > 0 ? $0 - $1 * log($1) : $0 },
            .brier: perLabel.count < 3 ? square / 2 : square,
        ]
    }
}
