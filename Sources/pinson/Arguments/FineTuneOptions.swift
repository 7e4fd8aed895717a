public import ArgumentParser
public import Training

/// The settings of a fine-tuning.
struct FineTuneOptions: ParsableArguments {
    /// How much the classes count in the loss.
    enum ClassWeight: String, CaseIterable, ExpressibleByArgument {
        case none, balanced

        /// The factor of each class in the loss, or nil if all have 1.
        ///
        /// - Parameters:
        ///   - labels: The class of each text.
        ///   - classes: The number of classes.
        /// - Returns: The factors.
        func factors(_ labels: [Int], classes: Int) -> [Double]? {
            guard self == .balanced else { return nil }
            return (0..<classes).map { label in
                Double(labels.count) / Double(classes * max(1, labels.count { $0 == label }))
            }
        }
    }

    @Option(help: "The number of passes over the texts.")
    var epochs = 3

    @Option(help: "The number of texts in a step.")
    var batchSize = 32

    @Option(help: "The highest learning rate.")
    var learningRate = 5e-5

    @Option(help: "The share of the steps during which the rate grows from 0.")
    var warmUp = 0.1

    @Option(help: "How the rate falls after the warm-up: linear, cosine or constant.")
    var schedule = LearningRate.Decay.linear

    @Option(help: "The weight decay of AdamW, which leaves out biases and norms.")
    var weightDecay = 0.01

    @Option(help: "The largest norm of the gradient; a larger one is scaled down.")
    var clip = 1.0

    @Option(help: "The share of each label that is spread over all labels.")
    var labelSmoothing = 0.0

    @Option(help: "The weight of the classes: none, or balanced if rare classes matter as much as frequent ones.")
    var classWeight = ClassWeight.none

    @Option(help: "The factor of the learning rate from one layer to the one below it.")
    var layerDecay = 1.0

    @Option(
        help:
            "The number of lower layers that are not learned, together with the embeddings. The default learns everything."
    )
    var frozenLayers: Int?

    @Flag(help: "Drop no values during the training. The default is what config.json says.")
    var noDropout = false

    @Option(
        help: """
            The maximum number of tokens of a text, with the start and end tokens. The default is 128, or the number of \
            positions of the base if it has fewer.
            """)
    var maxTokens: Int?

    @Option(
        help: ArgumentHelp(
            "What decides which epoch is the best: \(QualityMeasure.allNames.joined(separator: ", ")).",
            valueName: "measure"))
    var metric = "accuracy"

    @Option(help: "The number of epochs without a gain after which the training stops. The default makes all epochs.")
    var patience: Int?

    @Option(
        help: """
            The precision of the factors of products: float32 or bfloat16, with sums in float32. The default is bfloat16 if the \
            processor has instructions for it.
            """)
    var precision: Arithmetic.Precision?

    @Option(help: "The number of threads, which does not change the result. The default is the number of cores.")
    var threads: Int?

    @Option(help: "The seed that chooses the order of the texts, what is dropped, and new weights.")
    var seed: UInt64 = 1

    func validate() throws {
        func check(_ isValid: Bool, _ value: some CustomStringConvertible, _ option: String, _ expected: String) throws
        {
            guard isValid else {
                throw ValidationError("The value '\(value)' is invalid for '--\(option)': expected \(expected).")
            }
        }
        try check((1...1000).contains(epochs), epochs, "epochs <epochs>", "1 to 1000")
        try check((1...4096).contains(batchSize), batchSize, "batch-size <batch-size>", "1 to 4096")
        try check(
            learningRate > 0 && learningRate <= 1, learningRate, "learning-rate <learning-rate>",
            "above 0 and at most 1")
        try check((0...1).contains(warmUp), warmUp, "warm-up <warm-up>", "0 to 1")
        try check((0...1).contains(weightDecay), weightDecay, "weight-decay <weight-decay>", "0 to 1")
        try check(clip > 0 && clip.isFinite, clip, "clip <clip>", "a number above 0")
        try check(
            (0..<1).contains(labelSmoothing), labelSmoothing, "label-smoothing <label-smoothing>", "0 to less than 1")
        try check(layerDecay > 0 && layerDecay <= 1, layerDecay, "layer-decay <layer-decay>", "above 0 and at most 1")
        try check(
            (0...1000).contains(frozenLayers ?? 0), frozenLayers ?? 0, "frozen-layers <frozen-layers>", "0 or more")
        try check((2...512).contains(maxTokens ?? 128), maxTokens ?? 128, "max-tokens <max-tokens>", "2 to 512")
        try check(
            QualityMeasure(metric) != nil, metric, "metric <measure>", QualityMeasure.allNames.joined(separator: ", "))
        try check((1...1000).contains(patience ?? 1), patience ?? 1, "patience <patience>", "1 to 1000")
        try check((1...1024).contains(threads ?? 1), threads ?? 1, "threads <threads>", "1 to 1024")
    }

    /// The maximum number of tokens of a text for a base with a number of positions.
    ///
    /// - Throws: `ValidationError` if the user gives more.
    func maxTokens(positions: Int) throws -> Int {
        guard let maxTokens else { return min(128, positions) }
        guard maxTokens <= positions else {
            throw ValidationError(
                "The value '\(maxTokens)' is invalid for '--max-tokens <max-tokens>': the base has \(positions) positions."
            )
        }
        return maxTokens
    }

    /// The settings of the tuner, but for the memory.
    var tunerOptions: FineTuner.Options {
        var options = FineTuner.Options()
        (options.epochs, options.batch, options.rate, options.warmUp) = (epochs, batchSize, learningRate, warmUp)
        (options.rateDecay, options.decay, options.clip) = (schedule, weightDecay, clip)
        (options.layerDecay, options.seed) = (layerDecay, seed)
        options.frozen = frozenLayers.map { $0 + 1 } ?? 0
        return options
    }
}

extension LearningRate.Decay: ExpressibleByArgument {}
extension Arithmetic.Precision: ExpressibleByArgument {}
