/// The name of a measure in `Metrics`, for code that treats them all alike.
public enum Metric: String, CaseIterable, Codable, CodingKeyRepresentable, Sendable {
    case accuracy, macroPrecision, macroRecall, macroF1, weightedPrecision, weightedRecall, weightedF1, matthews
    case rocAUC, averagePrecision, logLoss, brier, calibrationError

    /// The name as a person reads it.
    public var title: String {
        switch self {
        case .accuracy: "Accuracy"
        case .macroPrecision: "Macro precision"
        case .macroRecall: "Macro recall"
        case .macroF1: "Macro F1"
        case .weightedPrecision: "Weighted precision"
        case .weightedRecall: "Weighted recall"
        case .weightedF1: "Weighted F1"
        case .matthews: "Matthews correlation"
        case .rocAUC: "ROC AUC"
        case .averagePrecision: "PR AUC"
        case .logLoss: "Log loss"
        case .brier: "Brier score"
        case .calibrationError: "Calibration error"
        }
    }

    /// Whether a smaller value is better.
    public var isLoss: Bool { self == .logLoss || self == .brier || self == .calibrationError }
}

/// The name of a measure of one label in `Metrics.PerLabel`.
public enum LabelMetric: String, CaseIterable, Codable, CodingKeyRepresentable, Sendable {
    case precision, recall, f1, auc, averagePrecision
}

extension Metrics {
    /// Returns the value of a measure, or nil if it does not exist for these predictions.
    public subscript(metric: Metric) -> Double? {
        switch metric {
        case .accuracy: accuracy
        case .macroPrecision: macroPrecision
        case .macroRecall: macroRecall
        case .macroF1: macroF1
        case .weightedPrecision: weightedPrecision
        case .weightedRecall: weightedRecall
        case .weightedF1: weightedF1
        case .matthews: matthews
        case .rocAUC: rocAUC
        case .averagePrecision: averagePrecision
        case .logLoss: logLoss
        case .brier: brier
        case .calibrationError: calibrationError
        }
    }
}

extension Metrics.PerLabel {
    /// Returns the value of a measure, or nil if it does not exist for this label.
    public subscript(metric: LabelMetric) -> Double? {
        switch metric {
        case .precision: precision
        case .recall: recall
        case .f1: f1
        case .auc: auc
        case .averagePrecision: averagePrecision
        }
    }
}
