import ContainerImage
import Foundation
import Training

/// The result of an evaluation as text for a terminal.
struct EvaluationText {
    private let evaluation: Evaluation
    private let answers: ModelAnswers

    init(_ evaluation: Evaluation, _ answers: ModelAnswers) {
        self.evaluation = evaluation
        self.answers = answers
    }

    /// Prints the measures, a table of the labels, the confusion matrix and the categories.
    func show(title: String) {
        let metrics = evaluation.metrics
        print(title.singleLine)
        for metric in [Metric.accuracy, .macroF1, .rocAUC, .averagePrecision, .logLoss, .brier, .calibrationError] {
            guard let value = metrics[metric] else { continue }
            let interval = evaluation.intervals?.overall[metric].map {
                "  (\(fixed($0.low, 4)) to \(fixed($0.high, 4)))"
            }
            let isName = metric.title.dropFirst().first?.isUppercase == true  // such as ROC
            print(row(isName ? metric.title : metric.title.lowercasedFirst, fixed(value, 4)) + (interval ?? ""))
        }
        print("  label          precision   recall       F1      AUC    tweets")
        for label in metrics.perLabel {
            let numbers = [label.precision, label.recall, label.f1].map { String(format: "%9.4f", $0) }.joined()
            let auc = label.auc.map { String(format: "%9.4f", $0) } ?? "        –"
            print("  " + padded(label.label, 14) + numbers + auc + String(format: "%10d", label.support))
        }
        print("  confusion matrix (each row is a true label)")
        for (label, counts) in zip(metrics.perLabel, metrics.confusion) {
            print("  " + padded(label.label, 14) + counts.map { String(format: "%9d", $0) }.joined())
        }
        if !evaluation.categories.isEmpty {
            print("  category                  accuracy    tweets")
            for slice in evaluation.categories {
                print(
                    "  " + padded(slice.name, 24)
                        + String(format: "%10.4f%10d", slice.accuracy, slice.count))
            }
        }
        print(row("tokens per tweet", fixed(answers.meanTokens, 1)))
        print(row("truncated tweets", "\(answers.truncated)"))
        print(row("latency p50/p95/p99", answers.milliseconds.text))
    }

    private func padded(_ text: String, _ width: Int) -> String {
        text.singleLine.padding(toLength: width, withPad: " ", startingAt: 0)
    }
}

extension String {
    /// The text with a small first letter.
    fileprivate var lowercasedFirst: String { prefix(1).lowercased() + dropFirst() }
}

extension ModelAnswers.Percentiles {
    /// The values as text, in milliseconds.
    var text: String { "\(fixed(p50, 2)) / \(fixed(p95, 2)) / \(fixed(p99, 2)) ms" }
}
