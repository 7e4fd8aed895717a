import ArgumentParser
import Packaging
import Training

/// The model, the texts and the settings of a fine-tuning.
struct FineTuningPlan {
    let shape: EncoderShape
    /// The parameters at the start, until the training has taken them.
    private(set) var parameters: [Float]
    /// The maximum number of tokens of a text.
    let maxTokens: Int
    /// The token ids of the texts to learn from and to measure on.
    let training: [[Int32]]
    let heldOut: [[Int32]]
    /// The classes of the texts to measure on, in the order of the labels of the model.
    let truth: [Int]
    let targets: SoftTargets

    /// Reads the base and turns the texts into tokens.
    ///
    /// - Parameters:
    ///   - base: The base, with the labels of the model in their order.
    ///   - sets: The texts.
    ///   - teaching: The answers of a teacher, with the classes in the order of `sets.labels`, or nil.
    ///   - options: The options of the command.
    /// - Throws: `PackagingError` if a tensor of the base cannot be read, and `ValidationError` if the base has too few
    ///   positions or layers for the options.
    init(
        _ base: BaseCheckpoint, _ sets: TrainingData, _ teaching: SoftTargets.Teaching?, _ options: FineTuneOptions
    ) throws {
        let order = base.labels.map { sets.labels.firstIndex(of: $0) ?? 0 }
        let position = sets.labels.map { base.labels.firstIndex(of: $0) ?? 0 }
        shape = base.shape(drops: !options.noDropout)
        parameters = try base.parameters(ParameterLayout(shape), seed: options.seed)
        maxTokens = try options.maxTokens(positions: base.positions)
        training = base.encode(sets.training.texts, maxTokens: maxTokens)
        heldOut = base.encode(sets.heldOut.texts, maxTokens: maxTokens)
        truth = sets.heldOut.labels.map { position[$0] }
        let labels = sets.training.labels.map { position[$0] }
        let classes = order.count
        var teaching = teaching
        if let found = teaching?.probabilities {
            teaching?.probabilities = labels.indices.flatMap { text in order.map { found[text * classes + $0] } }
        }
        targets = SoftTargets(
            labels: labels, classes: classes, teaching: teaching,
            smoothing: options.labelSmoothing,
            weights: options.classWeight.factors(labels, classes: classes))
    }

    /// The parameters at the start, which are not kept here any longer.
    mutating func takeParameters() -> [Float] {
        defer { parameters = [] }
        return parameters
    }

    /// The largest number of tokens in a text.
    var longest: Int { (training + heldOut).map(\.count).max() ?? 2 }

    /// The most tokens that can pass through the model together in the memory that there is, and the bytes for them.
    ///
    /// - Parameters:
    ///   - batch: The number of texts in a step.
    ///   - arithmetic: The kernels and threads.
    ///   - available: The bytes that may be used, or nil if that is not known.
    /// - Returns: The number of tokens and the bytes.
    /// - Throws: `ValidationError` if the memory is not enough for one text.
    func microTokens(batch: Int, _ arithmetic: Arithmetic, available: Int?) throws -> (tokens: Int, bytes: Int) {
        func bytes(_ tokens: Int) -> Int {
            FineTuner.memory(shape, microTokens: tokens, longest: longest, arithmetic, keepsBest: true)
        }
        var tokens = max(longest, min(batch * longest, 2048))
        guard let available else { return (tokens, bytes(tokens)) }
        while bytes(tokens) > available, tokens > longest { tokens = max(longest, tokens / 2) }
        guard bytes(tokens) <= available else {
            throw ValidationError(
                "The training needs \(decimal(bytes(tokens) / 1_000_000)) MB of memory, and \(decimal(available / 1_000_000)) MB "
                    + "are available. Use a smaller base, or a smaller '--max-tokens'.")
        }
        return (tokens, bytes(tokens))
    }
}
