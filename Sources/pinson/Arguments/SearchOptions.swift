import ArgumentParser
import Training

/// The options that say what a model should be best at, and how much is tried for it.
struct SearchOptions: ParsableArguments {
    /// What the search and the threshold should make as large as possible.
    enum Goal: String, CaseIterable, ExpressibleByArgument {
        case accuracy
        case macroF1 = "macro-f1"
        case f1, precision, recall, auc
    }

    /// How settings are chosen.
    enum Method: String, CaseIterable, ExpressibleByArgument {
        case grid, random
    }

    @Option(
        help: """
            Try several settings by cross-validation, and keep the best: grid (a few that are worth a try) or random (as many \
            as --trials, drawn from wide ranges).
            """)
    var search: Method?

    @Option(help: "The number of settings that a random search tries.")
    var trials = 20

    @Option(help: "The number of parts that the data is divided into for --search and for 'auto'.")
    var folds = 5

    @Option(
        help: """
            What the model should be best at: accuracy, macro-f1, auc, or f1, precision or recall of the positive label. It \
            decides the search, and with two labels also the threshold.
            """)
    var optimize: Goal?

    @Option(
        help: ArgumentHelp(
            "The label that f1, precision and recall mean. The default is the second of two labels.", valueName: "label"
        ))
    var positive: String?

    @Option(
        help: ArgumentHelp(
            "The lowest recall that is accepted with --optimize precision, or the lowest precision with --optimize recall.",
            valueName: "share"))
    var floor = 0.5

    @Option(
        help: ArgumentHelp("The number of seconds after which the search starts no new model.", valueName: "seconds"))
    var budget: Double?

    func validate() throws {
        guard (2...1000).contains(trials) else {
            throw ValidationError("The value '\(trials)' is invalid for '--trials <trials>': expected 2 to 1000.")
        }
        guard (2...20).contains(folds) else {
            throw ValidationError("The value '\(folds)' is invalid for '--folds <folds>': expected 2 to 20.")
        }
        guard (0...1).contains(floor) else {
            throw ValidationError("The value '\(floor)' is invalid for '--floor <share>': expected 0 to 1.")
        }
        if let budget, !(budget > 0 && budget < 1e9) {
            throw ValidationError("The value '\(budget)' is invalid for '--budget <seconds>': expected a time above 0.")
        }
    }

    /// The index of the positive label.
    ///
    /// - Throws: `ValidationError` if the data does not have the label, or if the user has not named the label that the
    ///   goal needs.
    func positive(of labels: [String]) throws -> Int? {
        if let positive {
            guard let index = labels.firstIndex(of: positive) else {
                throw ValidationError(
                    "The value '\(positive)' is invalid for '--positive <label>': the labels of the data are "
                        + labels.map { "'\($0)'" }.joined(separator: ", ") + ".")
            }
            return index
        }
        if labels.count > 2, optimize == .f1 || optimize == .precision || optimize == .recall {
            throw ValidationError("'--optimize \(optimize?.rawValue ?? "")' needs '--positive <label>'.")
        }
        return labels.count == 2 ? 1 : nil
    }

    /// The value that the search compares.
    ///
    /// For precision and recall, it is the area under the curve of both, because the threshold is chosen afterwards.
    func value(_ metrics: Metrics, positive: Int?) -> Double {
        switch optimize ?? .accuracy {
        case .accuracy: metrics.accuracy
        case .macroF1: metrics.macroF1
        case .auc: metrics.rocAUC ?? 0
        case .f1: positive.map { metrics.perLabel[$0].f1 } ?? metrics.macroF1
        case .precision, .recall: positive.flatMap { metrics.perLabel[$0].averagePrecision } ?? metrics.macroF1
        }
    }

    /// The threshold of the second of two labels, or nil for the label with the higher score.
    func threshold(_ predictions: Predictions) -> Double? {
        guard predictions.labels.count == 2, let positive = predictions.positive else { return nil }
        let objective: ThresholdObjective
        switch optimize {
        case nil, .auc: return nil
        case .accuracy: objective = .accuracy
        case .macroF1: objective = .macroF1
        case .f1: objective = .f1
        case .precision: objective = .precision(recallFloor: floor)
        case .recall: objective = .recall(precisionFloor: floor)
        }
        guard let choice = predictions.threshold(label: positive, for: objective) else { return nil }
        // The first label is the answer if the score of the second one is below the threshold.
        let threshold = positive == 1 ? choice.threshold : (1 - choice.threshold).nextUp
        return min(max(threshold, 0), 1)
    }
}
