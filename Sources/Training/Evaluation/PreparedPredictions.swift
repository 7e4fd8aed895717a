internal import Foundation

/// Predictions with everything that does not depend on how often an example counts.
///
/// The bootstrap computes the measures of a thousand resamples of the same examples, so the scores are sorted once and
/// the loss of each example is computed once.
struct PreparedPredictions {
    private let predictions: Predictions
    private let orders: [[Int]]
    private let isLabel: [[Bool]]
    private let losses: Losses?

    /// What each example adds to the measures of probabilities.
    private struct Losses {
        let log: [Double]
        let square: [Double]
        let confidence: [Double]
        let isRight: [Bool]
    }

    init(_ predictions: Predictions) {
        self.predictions = predictions
        orders = predictions.scores.map(ThresholdCounts.order)
        isLabel = predictions.labels.indices.map { label in predictions.truth.map { $0 == label } }
        guard predictions.areProbabilities, predictions.count > 0 else {
            losses = nil
            return
        }
        losses = Losses(
            log: predictions.logLosses, square: predictions.squaredErrors,
            confidence: (0..<predictions.count).map(predictions.confidence),
            isRight: (0..<predictions.count).map(predictions.isRight))
    }

    /// Returns the measures when each example occurs once.
    func metrics() -> Metrics { metrics(weights: [Int](repeating: 1, count: predictions.count)) }

    /// Returns the measures when each example occurs as often as `weights` says.
    func metrics(weights: [Int]) -> Metrics {
        var confusion = [[Int]](
            repeating: [Int](repeating: 0, count: predictions.labels.count), count: predictions.labels.count)
        for example in weights.indices {
            confusion[predictions.truth[example]][predictions.predicted[example]] += weights[example]
        }
        var metrics = Metrics(labels: predictions.labels, confusion: confusion)
        for label in predictions.labels.indices {
            let counts = ThresholdCounts(
                scores: predictions.scores[label], isPositive: isLabel[label], order: orders[label], weights: weights)
            metrics.perLabel[label].auc = counts.rocArea
            metrics.perLabel[label].averagePrecision = counts.averagePrecision
        }
        if let positive = predictions.positive {
            metrics.positive = predictions.labels[positive]
            metrics.rocAUC = metrics.perLabel[positive].auc
            metrics.averagePrecision = metrics.perLabel[positive].averagePrecision
        } else {
            metrics.rocAUC = mean(metrics.perLabel.compactMap(\.auc))
            metrics.averagePrecision = mean(metrics.perLabel.compactMap(\.averagePrecision))
        }
        if let losses {
            metrics.logLoss = mean(losses.log, weights)
            metrics.brier = mean(losses.square, weights)
            metrics.calibrationError =
                ReliabilityCurve(scores: losses.confidence, isPositive: losses.isRight, weights: weights)
                .calibrationError
        }
        return metrics
    }
}

extension Predictions {
    /// The smallest probability that the log loss counts, so that one confident mistake does not make it infinite.
    private static let smallest = Double.ulpOfOne

    /// For each example, −ln of the probability of its true label.
    var logLosses: [Double] {
        truth.indices.map { -log(min(max(scores[truth[$0]][$0], Self.smallest), 1 - Self.smallest)) }
    }

    /// For each example, the squared error of its probabilities, halved if there are two labels.
    ///
    /// - Source: Brier 1950, doi:10.1175/1520-0493(1950)078<0001:VOFEIT>2.0.CO;2.
    var squaredErrors: [Double] {
        truth.indices.map { example in
            let sum = labels.indices.reduce(0.0) { sum, label in
                let error = scores[label][example] - (truth[example] == label ? 1 : 0)
                return sum + error * error
            }
            return labels.count < 3 ? sum / 2 : sum
        }
    }
}

/// Returns the mean of `values`, or nil if there are none.
private func mean(_ values: [Double]) -> Double? {
    values.isEmpty ? nil : values.reduce(0, +) / Double(values.count)
}

/// Returns the mean of `values`, each of which occurs as often as `weights` says.
private func mean(_ values: [Double], _ weights: [Int]) -> Double {
    let total = weights.reduce(0, +)
    return zip(values, weights).reduce(0) { $0 + $1.0 * Double($1.1) } / Double(total)
}
