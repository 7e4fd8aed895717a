import Inference
import ModelFile
import Packaging
import Text
import Training

/// Trains a linear model, calibrates it, and writes its file.
struct LinearTraining {
    let recipe: LinearRecipe
    /// The largest model file in bytes, or nil.
    var maxBytes: Int?
    /// The probability of each class that a teacher gives each text to learn from, or nil.
    var soft: [Double]?

    /// What was written.
    struct Outcome {
        /// The number of features that were kept.
        var features: Int
        /// The threshold of the second of two labels.
        var threshold: Float
        /// The number of steps of the solver; 0 if the model has a closed form.
        var steps: Int
        /// Whether the solver reached its tolerance.
        var isConverged: Bool
    }

    /// Trains and writes a model.
    ///
    /// - Parameters:
    ///   - output: The model file to create or replace.
    ///   - name: The name of the model.
    ///   - sets: The texts to learn from, and those that calibrate the scores.
    ///   - threshold: Chooses the threshold of the second of two labels, or returns nil for the label with the higher score.
    /// - Returns: What was written.
    /// - Throws: `FileError` if the file cannot be written.
    func write(
        to output: String, named name: String, _ sets: TrainingData,
        threshold: (_ counts: SparseMatrix, _ model: TrainedLinearModel) -> Double? = { _, _ in nil }
    ) throws -> Outcome {
        var trained = recipe.train(sets.training.texts, sets.training.labels, classes: sets.labels.count, soft: soft)
        let counts = trained.vectorizer.counts(of: sets.heldOut.texts)
        trained.calibrate(
            Calibration(outputs: trained.outputs(of: counts), labels: sets.heldOut.labels, count: trained.outputCount))
        var packer = LinearPacker(trained)
        if let maxBytes { packer.prune(toBytes: maxBytes) }
        var decision = Decision()
        if let threshold = threshold(counts, trained) { decision.threshold = Float(threshold) }
        let card = ModelCard(
            name: name, family: LinearModelSchema.family, labels: sets.labels,
            maxTokens: ModelCard.maxTokensRange.upperBound, preprocessing: recipe.features.pipeline.strings,
            decision: decision)
        try packer.pack(into: output, card)
        return Outcome(
            features: packer.blocks.reduce(0) { $0 + $1.hashes.count }, threshold: decision.threshold,
            steps: trained.steps, isConverged: trained.isConverged)
    }
}
