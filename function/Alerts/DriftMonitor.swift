import Alerts
import Inference
import ModelFile
import NIOConcurrencyHelpers

/// Watches whether the texts and the predictions of this instance differ from those of the training.
final class DriftMonitor: Sendable {
    private let window: NIOLockedValueBox<DriftWindow>
    let labels: [String]

    /// Returns nil if the model file has no statistics of its training, or the settings want none of this.
    ///
    /// - Throws: `ModelFileError` if the statistics are not valid.
    init?(_ classifier: Classifier, _ settings: AlertSettings) throws(ModelFileError) {
        guard settings.driftTexts > 0,
            let training = try TrainingStatistics(classifier.file.metadata, labels: classifier.labels.count)
        else { return nil }
        window = NIOLockedValueBox(DriftWindow(training, size: settings.driftTexts, alpha: settings.driftAlpha))
        labels = classifier.labels
    }

    /// The texts that are in the window now, and those of the training.
    var current: DriftWindow { window.withLockedValue { $0 } }

    /// Texts were classified.
    ///
    /// - Returns: What an alert says if a full window of texts has changed, or nil.
    func observe(_ texts: [String], _ predictions: [Prediction]) -> [(name: String, value: String)]? {
        window.withLockedValue { window in
            var facts: [(name: String, value: String)]?
            for (text, prediction) in zip(texts, predictions) {
                let test = window.add(
                    text, label: prediction.label, score: prediction.scores[prediction.label],
                    tokens: prediction.tokens, unknownTokens: prediction.unknownTokens)
                if let test, !test.changed.isEmpty { facts = describe(test, window) }
            }
            return facts
        }
    }

    private func describe(_ test: DriftTest, _ window: DriftWindow) -> [(name: String, value: String)] {
        guard let now = window.sample.statistics else { return [] }
        let training = window.training
        func percent(_ share: Double) -> String { "\((share * 1000).rounded() / 10) %" }
        let facts = test.changed.map { statistic -> (name: String, value: String) in
            switch statistic {
            case .labels:
                let shares = labels.indices.prefix(10).map { index in
                    let before = Double(training.labels[index]) / Double(training.texts)
                    return "\(labels[index]) \(percent(Double(now.labels[index]) / Double(now.texts))) "
                        + "(training: \(percent(before)))"
                }
                return ("Labels", shares.joined(separator: ", "))
            case .score: return ("Mean score", "\(now.score.mean) (training: \(training.score.mean))")
            case .length:
                return ("Mean logarithm of the length", "\(now.length.mean) (training: \(training.length.mean))")
            case .unknown:
                return (
                    "Unknown tokens",
                    "\(percent(Double(now.unknown?.mean ?? 0))) (training: \(percent(Double(training.unknown?.mean ?? 0))))"
                )
            }
        }
        return [("Texts", "\(now.texts)"), ("Chance of a false alarm", percent(test.alpha))] + facts
    }
}
