/// The bootstrap intervals of the measures of a model.
public struct MetricIntervals: Codable, Equatable, Sendable {
    /// How the resamples were drawn.
    public var bootstrap: Bootstrap
    /// The interval of each measure that exists.
    public var overall: [Metric: Interval]
    /// The intervals of each label's measures, in the order of the labels.
    public var perLabel: [[LabelMetric: Interval]]

    /// Measures resamples of the predictions.
    ///
    /// - Complexity: O(resamples · examples · labels).
    public init(_ predictions: Predictions, _ bootstrap: Bootstrap = Bootstrap()) {
        let prepared = PreparedPredictions(predictions)
        let samples = bootstrap.map(count: predictions.count, prepared.metrics)
        self.bootstrap = bootstrap
        overall = intervals { metric in bootstrap.interval(samples.map { $0[metric] }) }
        perLabel = predictions.labels.indices.map { label in
            intervals { metric in bootstrap.interval(samples.map { $0.perLabel[label][metric] }) }
        }
    }
}

/// Returns the interval of each measure that has one.
private func intervals<Key: CaseIterable & Hashable>(_ interval: (Key) -> Interval?) -> [Key: Interval] {
    Dictionary(uniqueKeysWithValues: Key.allCases.compactMap { key in interval(key).map { (key, $0) } })
}
