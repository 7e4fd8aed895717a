import Alerts
import JSON
import ModelFile

extension DriftMonitor {
    /// The last texts beside those of the training.
    ///
    /// A statistic is `changed` only when the window is full, because the rate of false alarms holds for full windows.
    var json: JSON {
        let window = current
        let (training, now) = (window.training, window.sample.statistics)
        let test = window.test
        let changed = window.sample.texts >= window.size ? test.changed : []
        let statistics = test.probabilities.map { statistic, p in
            JSON.object(
                [
                    .init(key: "name", value: .string(statistic.rawValue)), .init(key: "p", value: .number(p)),
                    .init(key: "changed", value: .bool(changed.contains(statistic))),
                ] + Self.means(now?.mean(of: statistic), training.mean(of: statistic)))
        }
        let shares = labels.indices.map { index in
            JSON.object(
                [.init(key: "label", value: .string(labels[index]))]
                    + Self.means(now?.share(of: index), training.share(of: index)))
        }
        return [
            "texts": .number(Double(window.sample.texts)), "window": .number(Double(window.size)),
            "false_alarm_rate": .number(window.alpha), "statistics": .array(statistics), "labels": .array(shares),
        ]
    }

    private static func means(_ now: Double?, _ training: Double?) -> [JSON.Member] {
        [("now", now), ("training", training)].map { key, value in
            .init(key: key, value: value.map { .number($0) } ?? .null)
        }
    }
}

extension TrainingStatistics {
    /// The share of a label.
    fileprivate func share(of label: Int) -> Double { Double(labels[label]) / Double(max(1, texts)) }

    /// The mean of a statistic, or nil if it has none.
    fileprivate func mean(of statistic: DriftTest.Statistic) -> Double? {
        switch statistic {
        case .labels: nil
        case .score: Double(score.mean)
        case .length: Double(length.mean)
        case .unknown: (unknown?.mean).map(Double.init)
        }
    }
}
