/// The quality of a model on the examples that have something in common.
public struct EvaluationSlice: Codable, Equatable, Sendable {
    /// What the examples were grouped by, such as "Length".
    public var group: String
    /// What the examples of this slice have in common, such as "1–45 characters".
    public var name: String
    /// The number of examples.
    public var count: Int
    /// The share of right answers.
    public var accuracy: Double
    /// The interval of the accuracy at a level of 95 %, by the method of Wilson.
    public var interval: Interval
    /// The mean F1 value of the labels that occur in the slice, as true or as predicted label.
    public var macroF1: Double

    /// Measures some of the examples.
    ///
    /// - Parameters:
    ///   - group: What the examples were grouped by.
    ///   - name: What the examples have in common.
    ///   - predictions: The predictions of all examples.
    ///   - examples: The indices of the slice's examples; at least one.
    public init(group: String, name: String, _ predictions: Predictions, examples: [Int]) {
        precondition(!examples.isEmpty)
        var confusion = predictions.labels.map { _ in predictions.labels.map { _ in 0 } }
        for example in examples { confusion[predictions.truth[example]][predictions.predicted[example]] += 1 }
        let metrics = Metrics(labels: predictions.labels, confusion: confusion)
        let occurring = metrics.perLabel.indices.filter { label in
            metrics.perLabel[label].support > 0 || confusion.contains { $0[label] > 0 }
        }
        self.group = group
        self.name = name
        count = examples.count
        accuracy = metrics.accuracy
        interval = Interval(share: examples.count(where: predictions.isRight), of: examples.count)
        macroF1 = occurring.reduce(0) { $0 + metrics.perLabel[$1].f1 } / Double(occurring.count)
    }
}

extension EvaluationSlice {
    private init(_ group: ExampleGroup, _ predictions: Predictions) {
        self.init(group: group.group, name: group.name, predictions, examples: group.examples)
    }

    /// Measures the slices that follow from the texts: length, emoji, negation, mentions, hashtags, links, capitals and
    /// script.
    ///
    /// - Parameters:
    ///   - predictions: The predictions.
    ///   - texts: The text of each example.
    /// - Returns: The slices that have examples, group by group. A group with one slice is left out, because this slice
    ///   is the whole.
    public static func all(_ predictions: Predictions, texts: [String]) -> [EvaluationSlice] {
        precondition(texts.count == predictions.count)
        return ExampleGroup.traits(of: texts).map { EvaluationSlice($0, predictions) }
    }

    /// Measures the categories that a user gave to the examples.
    ///
    /// - Parameters:
    ///   - predictions: The predictions.
    ///   - categories: The category of each example, or nil if it has none.
    /// - Returns: One slice for each category, in the order of their first examples.
    public static func categories(_ predictions: Predictions, _ categories: [String?]) -> [EvaluationSlice] {
        precondition(categories.count == predictions.count)
        return ExampleGroup.categories(categories).map { EvaluationSlice($0, predictions) }
    }
}
