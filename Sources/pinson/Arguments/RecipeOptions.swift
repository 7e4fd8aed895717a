public import ArgumentParser
public import Text
public import Training

/// The choices that make a linear model: how texts are cleaned, which n-grams are features, and how they are weighted.
struct RecipeOptions: ParsableArguments {
    @Option(help: "The steps that clean a text: plain, tweet, anonymous, prior-g or prior-k.")
    var preset = TextPipeline.Preset.tweet

    @Option(help: "The n-grams that are features: word, char or word+char. The default is word+char.")
    var features: LinearRecipe.Features?

    @Option(
        help: ArgumentHelp(
            """
            Other n-grams than those of --features: word:1-2 for runs of one or two words of letters and digits, token:1-3 \
            to keep punctuation, or character:2-5. Repeat it for several kinds.
            """, valueName: "kind:lengths"))
    var ngrams: [NgramBlock] = []

    @Option(
        help:
            "How a count becomes a number: count, sublinear or binary. The default is binary for bayes, else sublinear."
    )
    var counting: Weighting.Counting?

    @Option(
        help:
            "The weight of mistakes against the size of the weights, for logistic and svm. A larger value fits the data more closely."
    )
    var c: Double?

    @Option(help: "The weight of the classes: none, or balanced if rare classes matter as much as frequent ones.")
    var classWeight = LinearTrainer.ClassWeight.none

    @Option(help: "The kind of naive Bayes: complement, multinomial or bernoulli.")
    var bayes = NaiveBayes.Kind.complement

    @Option(help: "The fewest texts that an n-gram must occur in. The default is 2 for words and 3 for characters.")
    var minTexts: Int?

    @Option(
        help: ArgumentHelp(
            """
            Let this number of bits of an n-gram's hash be its feature, from \(NgramBlock.hashBitsRange.lowerBound) to \
            \(NgramBlock.hashBitsRange.upperBound). Several n-grams then share one of 2^bits features, and rare n-grams \
            are learned too. For logistic, svm, bayes, average and ensemble.
            """, valueName: "bits"))
    var hashBits: Int?

    @Flag(
        help: ArgumentHelp(
            """
            Learn also how many characters, words, negations, words in capitals, stretched words, '?', '!', '…', hashtags, \
            links, mentions, emoticons and emoji a text has. For logistic, svm and ensemble.
            """))
    var counts = false

    @OptionGroup var linearOptions: LinearOptions
    @OptionGroup var forestOptions: ForestOptions
    @OptionGroup var averageOptions: AverageOptions
    @OptionGroup var ensembleOptions: EnsembleOptions

    func validate() throws {
        if let c, !(c > 0 && c.isFinite) {
            throw ValidationError("The value '\(c)' is invalid for '--c <c>': expected a number above 0.")
        }
        if let hashBits {
            guard NgramBlock.hashBitsRange.contains(hashBits) else {
                throw ValidationError(
                    "The value '\(hashBits)' is invalid for '--hash-bits <bits>': expected "
                        + "\(NgramBlock.hashBitsRange.lowerBound) to \(NgramBlock.hashBitsRange.upperBound).")
            }
            guard minTexts == nil, linearOptions.penalty == .l2, averageOptions.vectors == nil else {
                throw ValidationError(
                    "With '--hash-bits', all n-grams are learned, so '--min-texts' and '--penalty' cannot leave any out, and '--vectors' has no row for a hash."
                )
            }
        }
        guard minTexts ?? 1 > 0 else {
            throw ValidationError(
                "The value '\(minTexts ?? 0)' is invalid for '--min-texts <min-texts>': expected 1 or more.")
        }
    }

    /// The recipe of an approach that is not `auto`.
    ///
    /// - Parameters:
    ///   - approach: The approach.
    ///   - vectors: The word vectors that a bag of vectors starts from, or nil.
    ///   - seed: Decides about everything that is random.
    /// - Returns: The recipe.
    /// - Throws: `TextPipelineError` if the preset is not known.
    func recipe(_ approach: Approach, _ vectors: PretrainedVectors? = nil, seed: UInt64 = 1) throws -> Recipe {
        switch approach {
        case .logistic: .linear(try linear(.logistic))
        case .svm: .linear(try linear(.svm))
        case .bayes: .linear(try linear(.bayes))
        case .forest: .forest(try forest())
        case .lexicon: .lexicon(lexicon(try pipeline().keepingCapitals))
        case .average: .average(try average(vectors, seed: seed))
        case .ensemble, .auto:
            ensembleOptions.members.isEmpty
                ? .linear(try linear(.ensemble))
                : .ensemble(
                    EnsembleRecipe(
                        try ensembleOptions.members.map { try member($0, vectors) }, ensembleOptions.combine))
        }
    }

    /// The recipe of a member of an ensemble, whose members share the steps that clean a text.
    private func member(_ approach: Approach, _ vectors: PretrainedVectors?) throws -> Recipe {
        approach == .lexicon ? .lexicon(lexicon(try pipeline())) : try recipe(approach, vectors)
    }

    private func lexicon(_ pipeline: TextPipeline) -> LexiconRecipe {
        var recipe = LexiconRecipe(pipeline)
        if let minTexts { recipe.minimumTexts = minTexts }
        return recipe
    }

    private func average(_ vectors: PretrainedVectors?, seed: UInt64) throws -> AverageRecipe {
        var recipe = averageOptions.recipe(
            try pipeline(), ngrams.isEmpty ? features?.blocks : ngrams, vectors)
        for index in recipe.features.blocks.indices { recipe.features.blocks[index].hashBits = hashBits }
        if let minTexts { recipe.features.minimumTexts = recipe.features.blocks.map { _ in minTexts } }
        recipe.seed = seed
        return recipe
    }

    /// Reads the word vectors that the user has named.
    ///
    /// - Parameter texts: The texts whose words get vectors.
    /// - Returns: The vectors, or nil if the user has named no file.
    /// - Throws: `VectorFileError` if the file cannot be read, and `ValidationError` if no word of the texts has a vector.
    func readVectors(_ texts: [String]) throws -> PretrainedVectors? {
        let recipe = try average(nil, seed: 1)
        guard let block = recipe.features.blocks.first, block.unit != .character, block.lengths.contains(1) else {
            throw ValidationError("With '--vectors', the first '--ngrams' are those of words, such as token:1-1.")
        }
        return try averageOptions.readVectors(texts, recipe.features.pipeline, block.unit)
    }

    private func forest() throws -> ForestRecipe {
        var recipe = forestOptions.recipe(try pipeline(), ngrams.isEmpty ? features?.blocks : ngrams)
        recipe.classWeight = classWeight
        if let minTexts { recipe.features.minimumTexts = recipe.features.blocks.map { _ in minTexts } }
        return recipe
    }

    /// The recipe of a linear model.
    ///
    /// - Parameters:
    ///   - approach: The kind of model.
    ///   - other: The n-grams to use if the user has named none.
    /// - Returns: The recipe.
    /// - Throws: `TextPipelineError` if the preset is not known.
    func linear(_ approach: LinearRecipe.Approach, _ other: LinearRecipe.Features = .wordAndChar) throws -> LinearRecipe
    {
        var recipe = LinearRecipe(approach, features ?? other, try pipeline())
        if !ngrams.isEmpty { recipe.features = Vectorizer.Options(recipe.features.pipeline, blocks: ngrams) }
        for index in recipe.features.blocks.indices { recipe.features.blocks[index].hashBits = hashBits }
        if counts, approach != .bayes { recipe.features.counts = TextCount.allCases }
        if let counting { recipe.weighting.counting = counting }
        linearOptions.apply(to: &recipe)
        if let c { recipe.c = c }
        recipe.classWeight = classWeight
        recipe.bayes = bayes
        if let minTexts { recipe.features.minimumTexts = recipe.features.blocks.map { _ in minTexts } }
        return recipe
    }

    private func pipeline() throws -> TextPipeline { try TextPipeline(preset: preset.rawValue) }
}

extension NgramBlock: ExpressibleByArgument {
    /// Reads a block as the command line has it, such as `token:1-3`.
    ///
    /// - Parameter argument: The text.
    public init?(argument: String) {
        self.init(argument)
        // '--hash-bits' chooses the bits for all blocks.
        guard hashBits == nil else { return nil }
    }
}
extension Weighting.Counting: ExpressibleByArgument {}
extension TextPipeline.Preset: ExpressibleByArgument {}
extension LinearRecipe.Features: ExpressibleByArgument {}
extension LinearTrainer.ClassWeight: ExpressibleByArgument {}
extension NaiveBayes.Kind: ExpressibleByArgument {}
