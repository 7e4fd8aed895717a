import ArgumentParser
import Foundation
import Training

/// The settings of a head on a sentence encoder.
struct HeadOptions: ParsableArguments {
    /// The layers of the head.
    enum Hidden: String, CaseIterable, ExpressibleByArgument {
        case none, tanh, relu

        var activation: VectorHead.Activation? { VectorHead.Activation(rawValue: rawValue) }
    }

    @Option(
        help: """
            The layer before the classifier: none, which is a logistic regression, or tanh or relu for a dense layer as wide \
            as the encoder.
            """)
    var hidden = Hidden.none

    @Option(
        help: """
            The weight of the loss of logistic regression against the penalty. The default tries several on a tenth of the \
            texts.
            """)
    var c: Double?

    @Option(help: "The number of passes over the texts for a dense layer.")
    var epochs = 10

    @Flag(
        help: """
            Tune the encoder first with pairs of texts, so that texts with the same label have similar vectors. For few \
            labels, up to some thousands. --encoder must be the folder of a BERT.
            """)
    var contrastive = false

    @Option(
        help: "With --contrastive, the number of pairs with the same label and of pairs with another one for each text."
    )
    var pairs = 5

    @Option(help: "With --contrastive, the highest learning rate.")
    var learningRate = 2e-5

    @Option(help: "With --contrastive, the number of pairs in a step.")
    var batchSize = 16

    @Option(
        help: """
            The maximum number of tokens of a text, with the start and end tokens, if --encoder is a folder. The default is 128, \
            or the number of positions if there are fewer.
            """)
    var maxTokens: Int?

    @Option(help: "The bits of a weight of the encoder, if --encoder is a folder: 8, 4 or 32. The default is 8.")
    var bits: Int?

    @Option(help: "The number of threads, which does not change the result. The default is the number of cores.")
    var threads: Int?

    @Option(help: "The seed that chooses the texts to measure on, the pairs, and the order of the texts.")
    var seed: UInt64 = 1

    func validate() throws {
        func check(_ isValid: Bool, _ value: some CustomStringConvertible, _ option: String, _ expected: String) throws
        {
            guard isValid else {
                throw ValidationError("The value '\(value)' is invalid for '--\(option)': expected \(expected).")
            }
        }
        try check((c ?? 1) > 0 && (c ?? 1).isFinite, c ?? 1, "c <c>", "a number above 0")
        try check((1...1000).contains(epochs), epochs, "epochs <epochs>", "1 to 1000")
        try check((1...1000).contains(pairs), pairs, "pairs <pairs>", "1 to 1000")
        try check(
            learningRate > 0 && learningRate <= 1, learningRate, "learning-rate <learning-rate>",
            "above 0 and at most 1")
        try check((1...2048).contains(batchSize), batchSize, "batch-size <batch-size>", "1 to 2048")
        try check((2...512).contains(maxTokens ?? 128), maxTokens ?? 128, "max-tokens <max-tokens>", "2 to 512")
        try check([4, 8, 32].contains(bits ?? 8), bits ?? 8, "bits <bits>", "4, 8 or 32")
        try check((1...1024).contains(threads ?? 1), threads ?? 1, "threads <threads>", "1 to 1024")
        guard hidden == .none || c == nil else {
            throw ValidationError("'--c' is for a logistic regression. Leave out '--hidden', or '--c'.")
        }
    }

    /// The threads to use.
    var threadCount: Int { threads ?? ProcessInfo.processInfo.activeProcessorCount }
}
