import ArgumentParser
import Inference
import ModelFile
import Packaging
import Text
import Training

/// Trains a model of any kind, calibrates it, and writes its file.
struct ModelTraining {
    let recipe: Recipe
    /// The largest model file in bytes, or nil.
    var maxBytes: Int?
    /// The probability of each class that a teacher gives each text to learn from, or nil.
    var soft: [Double]?

    /// What was written.
    struct Outcome {
        /// The number of features of all members that were kept.
        var features: Int
        /// The threshold of the second of two labels.
        var threshold: Float
        /// The number of steps of the solver; 0 if the model has a closed form.
        var steps: Int
        /// Whether the solver reached its tolerance.
        var isConverged: Bool
        /// For each kind of n-grams whose features are bits of a hash, the share of those that share a feature.
        var collisionRates: [String: Double]
    }

    /// Trains and writes a model.
    ///
    /// - Parameters:
    ///   - output: The model file to create or replace.
    ///   - name: The name of the model.
    ///   - sets: The texts to learn from, and those that calibrate the scores.
    ///   - threshold: Chooses the threshold of the second of two labels from the outputs for the texts that are held out,
    ///     or returns nil for the label with the higher score.
    /// - Returns: What was written.
    /// - Throws: `FileError` if the file cannot be written, and `ValidationError` if the model cannot be made small enough.
    func write(
        to output: String, named name: String, _ sets: TrainingData,
        threshold: (_ outputs: [Double]) -> Double? = { _ in nil }
    ) throws -> Outcome {
        let fitting = maxBytes.map { recipe.fitting(bytes: $0, classes: sets.labels.count) } ?? recipe
        var trained = fitting.train(sets.training.texts, sets.training.labels, classes: sets.labels.count, soft: soft)
        if case .average(let model) = trained, !model.isFinite {
            throw ValidationError("The training did not lead to finite numbers. Give a smaller '--learning-rate'.")
        }
        var outputs = trained.outputs(of: sets.heldOut.texts)
        let calibration = Calibration(outputs: outputs, labels: sets.heldOut.labels, count: trained.outputCount)
        trained.calibrate(calibration)
        calibration.apply(to: &outputs)
        var decision = Decision()
        if let threshold = threshold(outputs) { decision.threshold = Float(threshold) }
        let packed = try PackedModel(trained, maxBytes: maxBytes)
        let card = ModelCard(
            name: name, family: packed.family.name, labels: sets.labels,
            maxTokens: ModelCard.maxTokensRange.upperBound, preprocessing: recipe.pipeline.strings, decision: decision)
        try packed.family.write(to: output, card)
        return Outcome(
            features: packed.features, threshold: decision.threshold, steps: trained.steps,
            isConverged: trained.isConverged, collisionRates: trained.collisionRates)
    }

    /// The accuracy of a model that is trained and not written.
    ///
    /// - Parameter sets: The texts to learn from, and those to measure on.
    /// - Returns: The share of the texts that are held out and get the right label.
    func accuracy(_ sets: TrainingData) -> Double {
        let trained = recipe.train(sets.training.texts, sets.training.labels, classes: sets.labels.count, soft: soft)
        let outputs = trained.outputs(of: sets.heldOut.texts)
        return Metrics(Predictions(outputs: outputs, labels: sets.labels, truth: sets.heldOut.labels)).accuracy
    }
}
