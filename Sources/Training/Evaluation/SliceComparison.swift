/// How a measure of two models differs on the examples that have something in common.
public struct SliceComparison: Codable, Equatable, Sendable {
    /// What the examples were grouped by, such as "Category".
    public var group: String
    /// What the examples have in common.
    public var name: String
    /// The number of examples.
    public var count: Int
    /// The value of the first model.
    public var first: Double
    /// The value of the second model.
    public var second: Double
    /// How much better the second model is; below 0 if it is worse.
    public var improvement: Double

    /// Compares two models, or returns nil if one of them has no value of the measure on these examples.
    ///
    /// - Parameters:
    ///   - group: The examples.
    ///   - measure: The measure.
    ///   - first: The predictions of the first model for all examples.
    ///   - second: The predictions of the second model, with labels in the same order.
    public init?(_ group: ExampleGroup, _ measure: QualityMeasure, _ first: Predictions, _ second: Predictions) {
        func value(_ predictions: Predictions) -> Double? {
            measure.value(Metrics(predictions.selecting(group.examples)), positive: predictions.positive)
        }
        guard let old = value(first), let new = value(second) else { return nil }
        (self.group, name, count) = (group.group, group.name, group.examples.count)
        (self.first, self.second, improvement) = (old, new, measure.improvement(old, new))
    }
}
