/// How the answers of two models to the same examples differ.
public struct Comparison: Codable, Equatable, Sendable {
    /// The difference of a measure: the second model's value minus the first model's.
    public struct Difference: Codable, Equatable, Sendable {
        /// The difference.
        public var value: Double
        /// The interval of the difference over resamples that are the same for both models.
        public var interval: Interval?
    }

    /// An example that exactly one of the models answered right.
    public struct Disagreement: Codable, Equatable, Sendable {
        /// The index of the example.
        public var example: Int
        /// The text.
        public var text: String
        /// The true label.
        public var truth: String
        /// The label that the first model predicted.
        public var first: String
        /// The label that the second model predicted.
        public var second: String
        /// The score of the wrong answer.
        public var confidence: Double
    }

    /// The measures of the first model.
    public var first: Metrics
    /// The measures of the second model.
    public var second: Metrics
    /// The difference of each measure that both models have.
    public var differences: [Metric: Difference]
    /// How the resamples were drawn, or nil if there are no intervals.
    public var bootstrap: Bootstrap?
    /// The number of examples that both models answered right.
    public var bothRight: Int
    /// The number of examples that both models answered wrong.
    public var bothWrong: Int
    /// The paired test, which also counts the examples that one model answered right.
    public var mcNemar: McNemar
    /// The examples that only the first model answered right, with the second model's surest mistakes first.
    public var onlyFirstRight: [Disagreement]
    /// The examples that only the second model answered right, with the first model's surest mistakes first.
    public var onlySecondRight: [Disagreement]

    /// Compares two models.
    ///
    /// - Parameters:
    ///   - first: The predictions of the first model.
    ///   - second: The predictions of the second model for the same examples, with labels in any order.
    ///   - texts: The text of each example.
    ///   - bootstrap: How the intervals are found, or nil for no intervals.
    ///   - disagreements: The largest number of disagreements to list for each model.
    /// - Throws: `ComparisonError` if the models do not have the same labels, or the examples are not the same.
    public init(
        _ first: Predictions, _ second: Predictions, texts: [String], bootstrap: Bootstrap? = Bootstrap(),
        disagreements: Int = 10
    ) throws(ComparisonError) {
        guard let second = second.ordered(by: first.labels) else {
            throw .differentLabels(first: first.labels, second: second.labels)
        }
        guard first.count == second.count, first.truth == second.truth else {
            throw .differentExamples(first: first.count, second: second.count)
        }
        precondition(texts.count == first.count && first.count > 0)
        let prepared = (first: PreparedPredictions(first), second: PreparedPredictions(second))
        (self.first, self.second) = (prepared.first.metrics(), prepared.second.metrics())
        let samples = bootstrap?.map(count: first.count) { weights in
            subtract(prepared.first.metrics(weights: weights), prepared.second.metrics(weights: weights))
        }
        differences = subtract(self.first, self.second).reduce(into: [:]) { result, entry in
            let interval = bootstrap?.interval((samples ?? []).map { $0[entry.key] })
            result[entry.key] = Difference(value: entry.value, interval: interval)
        }
        self.bootstrap = bootstrap
        let examples = 0..<first.count
        bothRight = examples.count { first.isRight($0) && second.isRight($0) }
        bothWrong = examples.count { !first.isRight($0) && !second.isRight($0) }
        let onlyFirst = examples.filter { first.isRight($0) && !second.isRight($0) }
        let onlySecond = examples.filter { !first.isRight($0) && second.isRight($0) }
        mcNemar = McNemar(onlyFirst: onlyFirst.count, onlySecond: onlySecond.count)
        func list(_ examples: [Int], _ wrong: Predictions) -> [Disagreement] {
            examples.sorted { (-wrong.confidence($0), $0) < (-wrong.confidence($1), $1) }.prefix(disagreements).map {
                Disagreement(
                    example: $0, text: texts[$0], truth: first.labels[first.truth[$0]],
                    first: first.labels[first.predicted[$0]], second: first.labels[second.predicted[$0]],
                    confidence: wrong.confidence($0))
            }
        }
        onlyFirstRight = list(onlyFirst, second)
        onlySecondRight = list(onlySecond, first)
    }
}

/// Returns the second value minus the first of each measure that both have.
private func subtract(_ first: Metrics, _ second: Metrics) -> [Metric: Double] {
    Metric.allCases.reduce(into: [:]) { differences, metric in
        guard let first = first[metric], let second = second[metric] else { return }
        differences[metric] = second - first
    }
}

/// Why two models cannot be compared.
public enum ComparisonError: Error, Equatable {
    /// The models do not have the same labels.
    case differentLabels(first: [String], second: [String])
    /// The predictions are not about the same examples.
    case differentExamples(first: Int, second: Int)
    /// A model has no value of a measure on these examples.
    case missingMeasure(String)
}

extension ComparisonError: CustomStringConvertible {
    /// The message for the user: what differs, and what was expected.
    public var description: String {
        switch self {
        case .differentLabels(let first, let second):
            "the models have different labels: \(list(first)) and \(list(second)). "
                + "Compare models that were trained for the same labels."
        case .differentExamples(let first, let second):
            "the predictions are not about the same examples: \(first) and \(second) examples. "
                + "Let both models answer the same file."
        case .missingMeasure(let title):
            "the models have no value of the measure '\(title)' on these examples. "
                + "Choose another one, or name the positive label with '--positive <label>'."
        }
    }
}

/// Returns names in quotation marks with commas between them.
private func list(_ names: [String]) -> String { names.map { "'\($0)'" }.joined(separator: ", ") }
