/// Everything that is measured about a model on one set of labelled texts.
public struct Evaluation: Codable, Equatable, Sendable {
    /// The curves of one label, with every other label as the negative class.
    public struct LabelCurves: Codable, Equatable, Sendable {
        /// The name of the label.
        public var label: String
        /// The ROC curve: the true positive rate over the false positive rate.
        public var roc: Curve?
        /// The precision-recall curve: the precision over the recall.
        public var precisionRecall: Curve?
        /// How often the label occurs for each probability of it; nil without probabilities.
        public var reliability: ReliabilityCurve?
    }

    /// The measures.
    public var metrics: Metrics
    /// The bootstrap intervals of the measures, or nil if none were asked for.
    public var intervals: MetricIntervals?
    /// The curves of the positive class, or of each label if there is none.
    public var curves: [LabelCurves]
    /// How often the predicted label is right for each probability of it; nil without probabilities.
    public var reliability: ReliabilityCurve?
    /// The quality on parts of the data.
    public var slices: [EvaluationSlice]
    /// The quality on each category that the data names.
    public var categories: [EvaluationSlice]
    /// The mistakes of which the model was most sure.
    public var mistakes: [Mistake]

    /// Measures predictions.
    ///
    /// - Parameters:
    ///   - predictions: The predictions; at least one.
    ///   - texts: The text of each example.
    ///   - categories: The category of each example, or nil for an example without one; empty if the data has none.
    ///   - bootstrap: How the intervals are found, or nil for no intervals.
    ///   - mistakes: The largest number of mistakes to list.
    public init(
        _ predictions: Predictions, texts: [String], categories: [String?] = [],
        bootstrap: Bootstrap? = Bootstrap(), mistakes: Int = 20
    ) {
        precondition(predictions.count > 0)
        metrics = Metrics(predictions)
        intervals = bootstrap.map { MetricIntervals(predictions, $0) }
        let shown = predictions.positive.map { [$0] } ?? Array(predictions.labels.indices)
        curves = shown.map { label in
            LabelCurves(
                label: predictions.labels[label],
                roc: Curve.roc(predictions, label: label)?.simplified(),
                precisionRecall: Curve.precisionRecall(predictions, label: label)?.simplified(),
                reliability: predictions.areProbabilities
                    ? ReliabilityCurve(
                        scores: predictions.scores[label], isPositive: predictions.truth.map { $0 == label }, bins: 10)
                    : nil)
        }
        reliability = predictions.areProbabilities ? ReliabilityCurve(confidencesOf: predictions) : nil
        slices = EvaluationSlice.all(predictions, texts: texts)
        self.categories = categories.isEmpty ? [] : EvaluationSlice.categories(predictions, categories)
        self.mistakes = predictions.worstMistakes(texts: texts, limit: mistakes)
    }
}

extension ReliabilityCurve {
    /// Sorts the probabilities of the predicted labels into 15 bins, where a right answer counts as positive.
    public init(confidencesOf predictions: Predictions) {
        self.init(
            scores: (0..<predictions.count).map(predictions.confidence),
            isPositive: (0..<predictions.count).map(predictions.isRight))
    }
}
