/// One number about the quality of a model: a measure of all labels, or one of the positive label.
public enum QualityMeasure: Hashable, Sendable {
    /// A measure of all labels.
    case overall(Metric)
    /// A measure of the positive label.
    case positive(LabelMetric)

    /// All measures with their names, as users type them.
    ///
    /// The areas of the positive label are missing, because `rocAUC` and `averagePrecision` are theirs.
    private static let names: [(name: String, measure: QualityMeasure)] = [
        ("accuracy", .overall(.accuracy)), ("macro-f1", .overall(.macroF1)), ("f1", .positive(.f1)),
        ("precision", .positive(.precision)), ("recall", .positive(.recall)), ("auc", .overall(.rocAUC)),
        ("average-precision", .overall(.averagePrecision)), ("macro-precision", .overall(.macroPrecision)),
        ("macro-recall", .overall(.macroRecall)), ("weighted-precision", .overall(.weightedPrecision)),
        ("weighted-recall", .overall(.weightedRecall)), ("weighted-f1", .overall(.weightedF1)),
        ("matthews", .overall(.matthews)), ("log-loss", .overall(.logLoss)), ("brier", .overall(.brier)),
        ("calibration-error", .overall(.calibrationError)),
    ]

    /// The names of all measures.
    public static let allNames = names.map(\.name)

    /// Finds a measure, or returns nil if there is none with this name.
    ///
    /// - Parameter name: The name, such as `macro-f1`.
    public init?(_ name: String) {
        guard let found = Self.names.first(where: { $0.name == name }) else { return nil }
        self = found.measure
    }

    /// The name as users type it.
    public var name: String { Self.names.first { $0.measure == self }?.name ?? "" }

    /// The name as a person reads it.
    public var title: String {
        switch self {
        case .overall(let metric): metric.title
        case .positive(.f1): "F1"
        case .positive(let metric): metric.rawValue.prefix(1).uppercased() + metric.rawValue.dropFirst()
        }
    }

    /// Whether a smaller value is better.
    public var isLoss: Bool {
        if case .overall(let metric) = self { metric.isLoss } else { false }
    }

    /// Whether the measure is about the positive label alone.
    public var needsPositive: Bool {
        if case .positive = self { true } else { false }
    }

    /// Reads the value of the measure from those of a model.
    ///
    /// - Parameters:
    ///   - metrics: The measures of a model.
    ///   - positive: The index of the positive label, or nil if there is none.
    /// - Returns: The value, or nil if it does not exist, such as the F1 value of the positive label if there is none.
    public func value(_ metrics: Metrics, positive: Int?) -> Double? {
        switch self {
        case .overall(let metric): metrics[metric]
        case .positive(let metric): positive.flatMap { metrics.perLabel[$0][metric] }
        }
    }

    /// Returns how much better the second value is than the first.
    ///
    /// - Parameters:
    ///   - first: A value of this measure.
    ///   - second: Another value of this measure.
    /// - Returns: The difference, above 0 if the second value is better.
    public func improvement(_ first: Double, _ second: Double) -> Double { isLoss ? first - second : second - first }
}
