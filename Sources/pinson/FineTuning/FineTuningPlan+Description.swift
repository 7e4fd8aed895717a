import Packaging
import Training

extension FineTuningPlan {
    /// Says what will be trained, before it starts.
    ///
    /// - Parameters:
    ///   - tuner: The training.
    ///   - base: The base.
    ///   - arithmetic: The kernels and threads.
    ///   - bytes: The memory that the training needs.
    ///   - recorder: Records the run, or nil.
    func describe(
        _ tuner: FineTuner, _ base: BaseCheckpoint, _ arithmetic: Arithmetic, bytes: Int, _ recorder: RunRecorder?
    ) {
        let tokens = training.reduce(0) { $0 + $1.count }
        say(
            "training \(base.architecture) with \(decimal(tuner.layout.count)) parameters on \(decimal(training.count)) "
                + "texts of \(base.labels.count) classes: \(decimal(tokens)) tokens, \(decimal(tuner.totalSteps)) steps"
        )
        let layers = base.chosenLayers.map(String.init).joined(separator: ",")
        if base.isShortened { say("layers of the base: \(layers)") }
        let new = base.tensors.filter { $0.source == nil }.map(\.name)
        if !new.isEmpty { say("new weights, because the base does not have them: \(new.joined(separator: ", "))") }
        say(
            "memory: about \(decimal(bytes / 1_000_000)) MB, with up to \(decimal(tuner.options.microTokens)) tokens at a time; "
                + "\(arithmetic.name) on \(arithmetic.threads) threads")
        let options = tuner.options
        recorder?.log(params: [
            "approach": "fine-tune", "base": base.architecture, "layers": layers, "epochs": "\(options.epochs)",
            "batch_size": "\(options.batch)", "learning_rate": "\(options.rate)", "seed": "\(options.seed)",
            "instruction_set": arithmetic.name, "texts": "\(training.count)",
        ])
    }

    /// A digest of everything that decides about the model.
    ///
    /// - Parameters:
    ///   - settings: The options of the command.
    ///   - options: The settings of the training.
    ///   - arithmetic: The kernels.
    /// - Returns: 64 hexadecimal digits.
    func digest(_ settings: FineTuneOptions, _ options: FineTuner.Options, _ arithmetic: Arithmetic) -> String {
        TrainingCheckpoint.digest(
            "\(options) \(shape) \(arithmetic.name) \(settings.metric) \(settings.patience ?? 0)", parameters,
            [training, heldOut], truth, targets)
    }
}
