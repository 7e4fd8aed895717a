import ArgumentParser
import Text
import Training

/// The options of a bag of vectors.
struct AverageOptions: ParsableArguments {
    @Option(help: "For average: the number of dimensions of a vector, unless --vectors has others.")
    var dimensions: Int?

    @Option(help: "For average: the number of passes over the texts. The default is 5, and up to 100 for few texts.")
    var epochs: Int?

    @Option(help: "For average: the learning rate at the start.")
    var learningRate: Double?

    @Option(
        help: ArgumentHelp(
            "For average: a file of word vectors to start from, in the formats of word2vec or GloVe.",
            valueName: "file"), completion: .file())
    var vectors: String?

    @Flag(help: "For average: keep the vectors of --vectors as they are, and leave out other n-grams.")
    var frozen = false

    func validate() throws {
        if let dimensions, !(1...1024).contains(dimensions) {
            throw ValidationError(
                "The value '\(dimensions)' is invalid for '--dimensions <dimensions>': expected 1 to 1024.")
        }
        if let epochs, !(1...1000).contains(epochs) {
            throw ValidationError("The value '\(epochs)' is invalid for '--epochs <epochs>': expected 1 to 1000.")
        }
        if let learningRate, !(learningRate > 0 && learningRate < 100) {
            throw ValidationError(
                "The value '\(learningRate)' is invalid for '--learning-rate <learning-rate>': expected a number above 0."
            )
        }
        guard vectors == nil || dimensions == nil else {
            throw ValidationError("The file of '--vectors' has its own number of dimensions. Leave out '--dimensions'.")
        }
        guard vectors != nil || !frozen else {
            throw ValidationError("'--frozen' needs '--vectors <file>', which has the vectors to keep.")
        }
    }

    /// Reads the vectors of the words that occur in texts, if the user has named a file.
    ///
    /// - Parameters:
    ///   - texts: The texts.
    ///   - pipeline: The steps that change a text before it is split.
    ///   - unit: What a word is.
    /// - Returns: The vectors, or nil if the user has named no file.
    /// - Throws: `VectorFileError` if the file cannot be read, and `ValidationError` if no word of the texts has a vector.
    func readVectors(
        _ texts: [String], _ pipeline: TextPipeline, _ unit: NgramBlock.Unit
    ) throws -> PretrainedVectors? {
        try vectors.map { try PretrainedVectors(path: $0, of: texts, pipeline, unit) }
    }

    /// The recipe of a bag of vectors.
    ///
    /// - Parameters:
    ///   - pipeline: The steps that change a text before it is split.
    ///   - blocks: The n-grams that the user has named, or nil.
    ///   - vectors: The vectors to start from, or nil.
    /// - Returns: The recipe.
    func recipe(_ pipeline: TextPipeline, _ blocks: [NgramBlock]?, _ vectors: PretrainedVectors?) -> AverageRecipe {
        var recipe = AverageRecipe(pipeline, blocks ?? (frozen ? [NgramBlock(.token, 1...1)] : nil))
        if let dimensions { recipe.width = dimensions }
        if let epochs { recipe.epochs = epochs }
        if let learningRate { recipe.learningRate = learningRate }
        recipe.vectors = vectors
        recipe.isFrozen = frozen && vectors != nil
        return recipe
    }
}
