/// Measures of how well predicted labels and scores agree with the true labels.
///
/// A ratio whose denominator is 0 is reported as 0.
public struct Metrics: Codable, Equatable, Sendable {
    /// The measures of one label, with every other label as the negative class.
    public struct PerLabel: Codable, Equatable, Sendable {
        /// The name of the label.
        public var label: String
        /// The share of the predictions of this label that are right.
        public var precision: Double
        /// The share of the examples of this label that are predicted as this label.
        public var recall: Double
        /// The harmonic mean of precision and recall.
        public var f1: Double
        /// The area under the ROC curve (receiver operating characteristic) of the label's score.
        ///
        /// It is nil if no example, or every example, has this label.
        public var auc: Double?
        /// The area under the precision-recall curve of the label's score, as average precision.
        ///
        /// It is nil if no example has this label.
        public var averagePrecision: Double?
        /// The number of examples of this label.
        public var support: Int
    }

    /// The number of examples.
    public var count: Int
    /// The label whose areas `rocAUC` and `averagePrecision` are; nil if they are means over the labels.
    public var positive: String?
    /// The share of the examples whose predicted label is the true one.
    public var accuracy: Double
    /// The mean of the labels' precision, each with equal weight.
    public var macroPrecision: Double
    /// The mean of the labels' recall, each with equal weight; also known as balanced accuracy.
    public var macroRecall: Double
    /// The mean of the labels' F1 values, each with equal weight.
    public var macroF1: Double
    /// The mean of the labels' precision, weighted by the number of examples.
    public var weightedPrecision: Double
    /// The mean of the labels' recall, weighted by the number of examples; it equals the accuracy.
    public var weightedRecall: Double
    /// The mean of the labels' F1 values, weighted by the number of examples.
    public var weightedF1: Double
    /// The correlation coefficient of Matthews, between −1 and 1; 0 is as good as guessing.
    public var matthews: Double
    /// The area under the ROC curve of the positive class, or the mean over the labels that have one.
    public var rocAUC: Double?
    /// The average precision of the positive class, or the mean over the labels that have one.
    public var averagePrecision: Double?
    /// The mean of −ln p, where p is the probability that the model gave to the true label; nil without probabilities.
    public var logLoss: Double?
    /// The mean squared error of the probabilities; nil without probabilities.
    ///
    /// For two labels it is the error of one label's probability, between 0 and 1. For more labels it is the sum over
    /// the labels, between 0 and 2.
    public var brier: Double?
    /// The expected calibration error: how far the confidence is from the share of right answers, on average.
    ///
    /// See `ReliabilityCurve.calibrationError`. It is nil without probabilities.
    public var calibrationError: Double?
    /// The measures of each label, in the order of the labels.
    public var perLabel: [PerLabel]
    /// The number of examples for each true label (row) and predicted label (column).
    public var confusion: [[Int]]

    /// Computes the measures of a set of examples.
    ///
    /// - Parameters:
    ///   - labels: the names of the labels.
    ///   - truth: for each example, the index of its true label in `labels`.
    ///   - predicted: for each example, the index of its predicted label.
    ///   - scores: for each example, one score per label; shape (examples, labels).
    public init(labels: [String], truth: [Int], predicted: [Int], scores: [[Float]]) {
        self.init(Predictions(labels: labels, truth: truth, predicted: predicted, scores: scores))
    }

    /// Computes the measures of a model's predictions.
    public init(_ predictions: Predictions) {
        self = PreparedPredictions(predictions).metrics()
    }
}
