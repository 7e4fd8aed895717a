import Foundation
import Text

/// A trained model of any kind.
public enum TrainedModel: Sendable {
    /// A linear model over n-grams.
    case linear(TrainedLinearModel)
    /// A forest of decision trees over n-grams.
    case forest(TrainedForest)
    /// A lexicon with rules.
    case lexicon(TrainedLexicon)
    /// A bag of vectors of n-grams.
    case average(TrainedAverage)
    /// Several models whose outputs are combined.
    indirect case ensemble(TrainedEnsemble)

    /// The number of outputs: 1 for two classes, otherwise one for each class.
    public var outputCount: Int {
        switch self {
        case .linear(let model): model.outputCount
        case .forest(let model): model.outputCount
        case .lexicon(let model): model.outputCount
        case .average(let model): model.outputCount
        case .ensemble(let model): model.outputCount
        }
    }

    /// The number of steps that the solver took; 0 if the model has a closed form.
    public var steps: Int {
        switch self {
        case .linear(let model): model.steps
        case .forest, .lexicon, .average: 0
        case .ensemble(let model): model.members.reduce(0) { $0 + $1.steps }
        }
    }

    /// Whether the solver reached its tolerance.
    public var isConverged: Bool {
        switch self {
        case .linear(let model): model.isConverged
        case .forest, .lexicon, .average: true
        case .ensemble(let model): model.members.allSatisfy(\.isConverged)
        }
    }

    /// For each kind of n-grams whose features are bits of a hash, the estimated share of those that share a feature.
    public var collisionRates: [String: Double] {
        switch self {
        case .linear(let model):
            return model.vectorizer.collisionRates
        case .average(let model): return model.vectorizer.collisionRates
        case .forest, .lexicon: return [:]
        case .ensemble(let model): return model.members.reduce(into: [:]) { $0.merge($1.collisionRates) { $1 } }
        }
    }

    /// The outputs for each text, (texts, outputs).
    ///
    /// - Parameter texts: The texts.
    /// - Returns: The outputs of all texts, one text after the other.
    public func outputs(of texts: [String]) -> [Double] {
        switch self {
        case .linear(let model): model.outputs(of: model.vectorizer.counts(of: texts))
        case .forest(let model): model.outputs(of: model.vectorizer.counts(of: texts))
        case .lexicon(let model): model.outputs(of: texts)
        case .average(let model): model.outputs(of: model.vectorizer.counts(of: texts))
        case .ensemble(let model): model.outputs { $0.outputs(of: texts) }
        }
    }

    /// The outputs for some of the texts of a set, whose n-grams are counted once.
    func outputs(of set: TextSet, at rows: [Int]) -> [Double] {
        switch self {
        case .linear(let model): model.outputs(of: set.counted(model.vectorizer.options).counts.rows(at: rows))
        case .forest(let model): model.outputs(of: set.counted(model.vectorizer.options).counts.rows(at: rows))
        case .lexicon(let model): model.outputs(of: rows.map { set.texts[$0] })
        case .average(let model): model.outputs(of: set.counted(model.vectorizer.options).counts.rows(at: rows))
        case .ensemble(let model): model.outputs { $0.outputs(of: set, at: rows) }
        }
    }

    /// Multiplies all outputs by the factor of a calibration, and adds its offset.
    ///
    /// - Parameter calibration: The calibration.
    public mutating func calibrate(_ calibration: Calibration) {
        switch self {
        case .linear(var model):
            model.calibrate(calibration)
            self = .linear(model)
        case .forest(var model):
            model.calibrate(calibration)
            self = .forest(model)
        case .lexicon(var model):
            model.calibrate(calibration)
            self = .lexicon(model)
        case .average(var model):
            model.calibrate(calibration)
            self = .average(model)
        case .ensemble(var model):
            model.calibrate(calibration)
            self = .ensemble(model)
        }
    }
}

extension Predictions {
    /// The answers that the outputs of a model mean, with scores that a softmax or a sigmoid makes of them.
    ///
    /// - Parameters:
    ///   - outputs: The outputs of each text, (texts, outputs), with one output for two classes.
    ///   - labels: The names of the classes.
    ///   - truth: The class of each text, from 0.
    ///   - positive: The index of the positive class, or nil for the default.
    public init(outputs: [Double], labels: [String], truth: [Int], positive: Int? = nil) {
        let count = labels.count == 2 ? 1 : labels.count
        let scores = truth.indices.map { row -> [Double] in
            let logits = count == 1 ? [0, outputs[row]] : Array(outputs[row * count..<(row + 1) * count])
            let largest = logits.max() ?? 0
            let powers = logits.map { exp($0 - largest) }
            let sum = powers.reduce(0, +)
            return powers.map { $0 / sum }
        }
        self.init(
            labels: labels, truth: truth,
            predicted: scores.map { row in row.indices.max { row[$0] < row[$1] } ?? 0 }, scores: scores,
            positive: positive)
    }
}
