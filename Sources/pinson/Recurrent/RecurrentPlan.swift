import ArgumentParser
import Text
import Training

/// The network, the texts and the settings of the training of a recurrent network.
struct RecurrentPlan {
    let vocabulary: WordVocabulary
    let shape: RecurrentShape
    /// The parameters at the start.
    let parameters: [Float]
    /// The rows of the words of the texts to learn from and to measure on.
    let training: [[Int32]]
    let heldOut: [[Int32]]
    /// The classes of the texts to measure on.
    let truth: [Int]
    let targets: SoftTargets

    /// Finds the words of the texts, and makes a new network for them.
    ///
    /// - Parameters:
    ///   - sets: The texts.
    ///   - teaching: The answers of a teacher, or nil.
    ///   - options: The options of the command.
    /// - Throws: `TextPipelineError` if the text pipeline is not known, `VectorFileError` if the file of word vectors cannot
    ///   be read, and `ValidationError` if it has no word of the texts.
    init(_ sets: TrainingData, _ teaching: SoftTargets.Teaching?, _ options: LSTMOptions) throws {
        let (texts, labels, classes) = (sets.training.texts, sets.training.labels, sets.labels.count)
        let pipeline = try TextPipeline(options.preset.strings)
        let vectors = try options.vectors.map { try PretrainedVectors(path: $0, of: texts, pipeline, .token) }
        vocabulary = WordVocabulary(
            of: texts, pipeline, .token, minimumTexts: options.minTexts, limit: options.words,
            having: options.frozen ? vectors : nil)
        shape = RecurrentShape(
            rows: vocabulary.rows, width: vectors?.width ?? options.dimensions ?? 100, units: options.units,
            layers: options.layers, directions: options.directions, pooling: options.pooling, labels: classes,
            dropout: options.dropout)
        let layout = RecurrentLayout(shape)
        if let vectors {
            parameters = layout.newValues(seed: options.seed, vectors, vocabulary)
        } else {
            parameters = layout.newValues(seed: options.seed)
        }
        training = vocabulary.rows(of: texts, maxTokens: options.maxTokens)
        heldOut = vocabulary.rows(of: sets.heldOut.texts, maxTokens: options.maxTokens)
        truth = sets.heldOut.labels
        targets = SoftTargets(
            labels: labels, classes: classes, teaching: teaching, smoothing: options.labelSmoothing,
            weights: options.classWeight.factors(labels, classes: classes))
    }

    /// The network in words, such as `a BiLSTM of 2 · 64 units, max, over 100 dimensions of 20,000 words`.
    var description: String {
        let depth = shape.layers == 1 ? "" : "\(shape.layers) layers of "
        let kind = shape.directions == 2 ? "a BiLSTM of 2 · \(shape.units) units" : "an LSTM of \(shape.units) units"
        return "\(depth)\(kind), \(shape.pooling.rawValue), over \(shape.width) dimensions of "
            + "\(decimal(vocabulary.hashes.count)) words"
    }

    /// A digest of everything that decides about the model.
    ///
    /// - Parameters:
    ///   - settings: The options of the command.
    ///   - arithmetic: The kernels.
    /// - Returns: 64 hexadecimal digits.
    func digest(_ settings: LSTMOptions, _ arithmetic: Arithmetic) -> String {
        TrainingCheckpoint.digest(
            "\(settings.trainerOptions) \(shape) \(arithmetic.name) \(settings.metric) \(settings.patience ?? 0)",
            parameters, [training, heldOut], truth, targets)
    }
}
