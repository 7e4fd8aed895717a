import Alerts
import ModelFile
import Telemetry

extension MetricList {
    /// What the last texts are like, and what those of the training were like.
    mutating func drift(_ window: DriftWindow, labels: [String]) {
        let (sample, training) = (window.sample, window.training)
        metric("pinson_drift_texts", .gauge, "Texts that are compared with those of the training.", sample.texts)
        guard let now = sample.statistics else { return }
        let both = [("window", now), ("training", training)]
        var shares: [Metric.Sample] = []
        for (index, label) in labels.enumerated() {
            for (source, values) in both {
                let share = Double(values.labels[index]) / Double(max(1, values.texts))
                shares.append(.init([("label", label), ("source", source)], share))
            }
        }
        metric(
            "pinson_drift_label_share", .gauge, "The share of each label, of the last texts and of the training.",
            shares)
        var means: [Metric.Sample] = []
        for (source, values) in both {
            let named: [(String, Float?)] = [
                ("score", values.score.mean), ("length", values.length.mean), ("unknown", values.unknown?.mean),
            ]
            for case (let name, let mean?) in named {
                means.append(.init([("statistic", name), ("source", source)], Double(mean)))
            }
        }
        metric(
            "pinson_drift_mean", .gauge,
            "Means of the scores, the logarithms of the lengths, and the shares of unknown tokens.", means)
        metric(
            "pinson_drift_p_value", .gauge, "The probability of a difference that is as large, by chance alone.",
            window.test.probabilities.map { .init([("statistic", $0.statistic.rawValue)], Double($0.p)) })
    }
}
