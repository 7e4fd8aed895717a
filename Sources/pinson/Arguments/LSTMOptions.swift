public import ArgumentParser
import Text
public import Training

/// The settings of a recurrent network and of its training.
struct LSTMOptions: ParsableArguments {
    @Option(help: "The steps that clean a text: plain, tweet, anonymous, prior-g or prior-k.")
    var preset = TextPipeline.Preset.tweet

    @Option(help: "The most words that have vectors; the most frequent ones are taken.")
    var words = 20_000

    @Option(help: "The fewest texts that a word with a vector must occur in.")
    var minTexts = 2

    @Option(help: "The maximum number of words of a text that are read.")
    var maxTokens = 64

    @Option(help: "The number of dimensions of a vector, unless --vectors has others. The default is 100.")
    var dimensions: Int?

    @Option(
        help: ArgumentHelp(
            "A file of word vectors to start from, in the formats of word2vec or GloVe.", valueName: "file"),
        completion: .file())
    var vectors: String?

    @Flag(help: "Keep the vectors of --vectors as they are, and give no other word a vector of its own.")
    var frozen = false

    @Option(help: "The number of units of a layer in each direction.")
    var units = 64

    @Option(help: "The number of layers.")
    var layers = 1

    @Option(help: "2 to read texts forwards and backwards, or 1 to read them forwards alone.")
    var directions = 2

    @Option(
        help: "What the network keeps of its outputs for all words: max, mean, or last for those after the last word.")
    var pooling = RecurrentShape.Pooling.max

    @Option(help: "The probability that a value is dropped during the training, from the vectors and after each layer.")
    var dropout = 0.5

    @Option(help: "The number of passes over the texts.")
    var epochs = 4

    @Option(help: "The number of texts in a step.")
    var batchSize = 64

    @Option(help: "The highest learning rate.")
    var learningRate = 2e-3

    @Option(help: "The share of the steps during which the rate grows from 0.")
    var warmUp = 0.02

    @Option(help: "How the rate falls after the warm-up: linear, cosine or constant.")
    var schedule = LearningRate.Decay.linear

    @Option(help: "The weight decay of AdamW, which leaves out biases.")
    var weightDecay = 0.01

    @Option(help: "The largest norm of the gradient; a larger one is scaled down.")
    var clip = 1.0

    @Option(help: "The share of each label that is spread over all labels.")
    var labelSmoothing = 0.0

    @Option(help: "The weight of the classes: none, or balanced if rare classes matter as much as frequent ones.")
    var classWeight = FineTuneOptions.ClassWeight.none

    @Option(
        help: ArgumentHelp(
            "What decides which epoch is the best: \(QualityMeasure.allNames.joined(separator: ", ")).",
            valueName: "measure"))
    var metric = "accuracy"

    @Option(help: "The number of epochs without a gain after which the training stops. The default makes all epochs.")
    var patience: Int?

    @Option(help: "The precision of the factors of products: float32 or bfloat16, with sums in float32.")
    var precision = Arithmetic.Precision.float32

    @Option(help: "The number of threads, which does not change the result. The default is the number of cores.")
    var threads: Int?

    @Option(help: "The seed that chooses the order of the texts, what is dropped, and new weights.")
    var seed: UInt64 = 1

    func validate() throws {
        func check(_ isValid: Bool, _ value: some CustomStringConvertible, _ option: String, _ expected: String) throws
        {
            guard isValid else {
                throw ValidationError(
                    "The value '\(value)' is invalid for '--\(option) <\(option)>': expected \(expected).")
            }
        }
        try check((1...1_000_000).contains(words), words, "words", "1 to 1000000")
        try check((1...1000).contains(minTexts), minTexts, "min-texts", "1 to 1000")
        try check((2...2048).contains(maxTokens), maxTokens, "max-tokens", "2 to 2048")
        try check((1...1024).contains(dimensions ?? 100), dimensions ?? 100, "dimensions", "1 to 1024")
        guard vectors == nil || dimensions == nil else {
            throw ValidationError("The file of '--vectors' has its own number of dimensions. Leave out '--dimensions'.")
        }
        guard vectors != nil || !frozen else {
            throw ValidationError("'--frozen' needs '--vectors <file>', which has the vectors to keep.")
        }
        try check((1...1024).contains(units), units, "units", "1 to 1024")
        try check((1...8).contains(layers), layers, "layers", "1 to 8")
        try check((1...2).contains(directions), directions, "directions", "1 or 2")
        try check((0..<0.95).contains(dropout), dropout, "dropout", "0 to less than 0.95")
        try check((1...1000).contains(epochs), epochs, "epochs", "1 to 1000")
        try check((1...4096).contains(batchSize), batchSize, "batch-size", "1 to 4096")
        try check(learningRate > 0 && learningRate <= 1, learningRate, "learning-rate", "above 0 and at most 1")
        try check((0...1).contains(warmUp), warmUp, "warm-up", "0 to 1")
        try check((0...1).contains(weightDecay), weightDecay, "weight-decay", "0 to 1")
        try check(clip > 0 && clip.isFinite, clip, "clip", "a number above 0")
        try check((0..<1).contains(labelSmoothing), labelSmoothing, "label-smoothing", "0 to less than 1")
        try check(QualityMeasure(metric) != nil, metric, "metric", QualityMeasure.allNames.joined(separator: ", "))
        try check((1...1000).contains(patience ?? 1), patience ?? 1, "patience", "1 to 1000")
        try check((1...1024).contains(threads ?? 1), threads ?? 1, "threads", "1 to 1024")
    }

    /// The settings of the trainer.
    var trainerOptions: RecurrentTrainer.Options {
        var options = RecurrentTrainer.Options()
        (options.epochs, options.batch, options.rate, options.warmUp) = (epochs, batchSize, learningRate, warmUp)
        (options.rateDecay, options.decay, options.clip, options.seed) = (schedule, weightDecay, clip, seed)
        options.isFrozen = frozen
        return options
    }
}

extension RecurrentShape.Pooling: ExpressibleByArgument {}
