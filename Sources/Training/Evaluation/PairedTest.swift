/// The test whether the second of two models that answered the same examples is better, by one measure.
///
/// The accuracy is tested with McNemar's test. For any other measure, examples are drawn again with replacement, the same
/// for both models, and the share of resamples without an improvement decides.
///
/// - Source: McNemar 1947, doi:10.1007/BF02295996; Efron and Tibshirani 1993, doi:10.1201/9780429246593, chapter 15.
public struct PairedTest: Codable, Equatable, Sendable {
    /// How the probability was found.
    public enum Method: String, Codable, Sendable {
        /// The exact test of McNemar.
        case mcNemar = "mcnemar"
        /// Resamples that are the same for both models.
        case bootstrap
    }

    /// The name of the measure, such as `macro-f1`.
    public var measure: String
    /// The value of the first model.
    public var first: Double
    /// The value of the second model.
    public var second: Double
    /// How much better the second model is; below 0 if it is worse.
    public var improvement: Double
    /// The interval of the improvement over the resamples.
    public var interval: Interval?
    /// How the probability was found.
    public var method: Method
    /// The probability of a difference at least this large, in either direction, between equally good models.
    public var p: Double

    /// Tests two models.
    ///
    /// - Parameters:
    ///   - measure: The measure.
    ///   - first: The predictions of the first model; at least one.
    ///   - second: The predictions of the second model for the same examples, with labels in any order.
    ///   - bootstrap: How the resamples are drawn.
    /// - Throws: `ComparisonError` if the models do not have the same labels, the examples are not the same, or a model
    ///   has no value of the measure.
    public init(
        _ measure: QualityMeasure, _ first: Predictions, _ second: Predictions, _ bootstrap: Bootstrap
    ) throws(ComparisonError) {
        guard let second = second.ordered(by: first.labels) else {
            throw .differentLabels(first: first.labels, second: second.labels)
        }
        guard first.count == second.count, first.truth == second.truth else {
            throw .differentExamples(first: first.count, second: second.count)
        }
        precondition(first.count > 0)
        let positive = first.positive
        let prepared = (PreparedPredictions(first), PreparedPredictions(second))
        guard let old = measure.value(prepared.0.metrics(), positive: positive),
            let new = measure.value(prepared.1.metrics(), positive: positive)
        else { throw .missingMeasure(measure.title) }
        self.measure = measure.name
        (self.first, self.second, improvement) = (old, new, measure.improvement(old, new))
        let samples = bootstrap.map(count: first.count) { weights -> Double? in
            guard let old = measure.value(prepared.0.metrics(weights: weights), positive: positive),
                let new = measure.value(prepared.1.metrics(weights: weights), positive: positive)
            else { return nil }
            return measure.improvement(old, new)
        }
        interval = bootstrap.interval(samples)
        let examples = 0..<first.count
        if measure == .overall(.accuracy) {
            method = .mcNemar
            p =
                McNemar(
                    onlyFirst: examples.count { first.isRight($0) && !second.isRight($0) },
                    onlySecond: examples.count { !first.isRight($0) && second.isRight($0) }
                ).exactP
        } else {
            method = .bootstrap
            p = Self.probability(samples.compactMap { $0 })
        }
    }

    /// Twice the share of the resamples on the rarer side of 0, where the data itself counts as one more resample, so
    /// that no probability is 0.
    private static func probability(_ samples: [Double]) -> Double {
        let (worse, better) = (samples.count { $0 <= 0 }, samples.count { $0 >= 0 })
        return min(1, 2 * Double(1 + min(worse, better)) / Double(1 + samples.count))
    }

    /// Whether the second model is better, and equally good models would seldom show it.
    ///
    /// - Parameter alpha: The largest probability that still counts as seldom, such as 0.05.
    /// - Returns: Whether the second model is better.
    public func showsImprovement(alpha: Double) -> Bool { improvement > 0 && p <= alpha }
}
