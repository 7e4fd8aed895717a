import ArgumentParser
import Packaging
import Training

/// Tunes a sentence encoder with pairs of labelled texts before it gets a head.
///
/// - Source: Tunstall et al. 2022, arXiv:2209.11055.
struct ContrastiveTuning {
    let options: HeadOptions

    /// Tunes an encoder.
    ///
    /// - Parameters:
    ///   - path: The folder of the encoder.
    ///   - sets: The labelled texts.
    ///   - folder: The folder for the tuned encoder.
    /// - Throws: `PackagingError` if the encoder cannot be read, `FileError` if the folder cannot be written, and
    ///   `ValidationError` if the encoder is not a BERT or the training fails.
    func tune(_ path: String, _ sets: TrainingData, into folder: String) throws {
        let base = try BaseCheckpoint(path: path, labels: sets.labels)
        guard !base.isDistilled else {
            throw ValidationError("'--contrastive' needs a BERT, and \(path) is a \(base.architecture).")
        }
        let shape = base.shape(drops: true)
        let ids = base.encode(sets.training.texts, maxTokens: min(options.maxTokens ?? 128, base.positions))
        let pairs = ContrastivePairs(sets.training.labels, perText: options.pairs, seed: options.seed)
        var settings = FineTuner.Options()
        (settings.epochs, settings.batch) = (1, 2 * options.batchSize)
        (settings.rate, settings.seed) = (options.learningRate, options.seed)
        let tuner = FineTuner(
            shape, parameters: try base.parameters(ParameterLayout(shape), seed: options.seed),
            pairs: pairs.texts.map { ids[$0] }, isSame: pairs.isSame, settings,
            Arithmetic(nil, threads: options.threadCount))
        say(
            "tuning \(base.architecture) with \(decimal(pairs.isSame.count)) pairs of texts: "
                + "\(decimal(tuner.totalSteps)) steps")
        var (progress, line) = (TrainingProgress(), StepLine(total: tuner.totalSteps, after: 0))
        while tuner.steps < tuner.totalSteps {
            let step = tuner.step()
            guard step.loss.isFinite, step.norm.isFinite else {
                line.clear()
                throw ValidationError(
                    "The loss is not a number after step \(tuner.steps). Give a smaller '--learning-rate <rate>'.")
            }
            progress.losses.append(Float(step.loss))
            line.show(step, number: tuner.steps, progress)
        }
        line.clear()
        let part = max(1, tuner.totalSteps / 10)
        let first = progress.losses.prefix(part).reduce(0, +) / Float(part)
        say(
            "loss of the pairs \(fixed(Double(first), 4)) in the first tenth of the steps, "
                + "\(fixed(progress.recentLoss(part), 4)) in the last one")
        try base.writeEncoder(to: folder, values: tuner.currentParameters)
    }
}
