public import Text

/// How a forest of decision trees is made from labelled texts.
///
/// Each split of a tree asks whether a text has an n-gram. A tree chooses the n-gram that tells the classes apart best
/// among a random choice of those that some, but not all, texts at the split have.
///
/// - Source: Breiman 2001, "Random forests"; Geurts, Ernst and Wehenkel 2006, "Extremely randomized trees".
public struct ForestRecipe: Sendable {
    /// How trees are made different from each other.
    public enum Kind: String, Sendable, CaseIterable {
        /// Each tree learns from texts that are drawn with replacement.
        case random
        /// Each tree learns from all texts. An n-gram has only one threshold, so no threshold is drawn.
        case extra
    }

    /// The n-grams that can be asked for.
    public var features: Vectorizer.Options
    /// How trees are made different from each other.
    public var kind = Kind.random
    /// The number of trees.
    public var trees = 100
    /// The fewest texts of a leaf.
    public var leafTexts = 3
    /// The number of features that are drawn for each split, or nil for the square root of their number.
    public var tried: Int?
    /// The weight of the classes.
    public var classWeight = LinearTrainer.ClassWeight.none
    /// Chooses the texts and the n-grams.
    public var seed: UInt64 = 1

    /// The most n-grams that a forest can ask for, which the node of a model file has room for.
    public static let mostFeatures = 4096
    /// The most trees.
    public static let mostTrees = 1000

    /// Creates the recipe that we know to be the best for tweets.
    ///
    /// - Parameter pipeline: The steps that change a text before it is split.
    public init(_ pipeline: TextPipeline) {
        features = Vectorizer.Options(pipeline, blocks: [NgramBlock(.token, 1...3)])
        features.maximumFeatures = Self.mostFeatures
    }

    /// Trains a forest.
    ///
    /// - Parameters:
    ///   - vectorizer: What has counted the features.
    ///   - counts: The counts of each text.
    ///   - labels: The class of each text, from 0.
    ///   - classes: The number of classes, at least 2. Each class has a text.
    /// - Returns: The forest, which is the same for any number of cores.
    func train(
        _ vectorizer: Vectorizer, _ counts: SparseMatrix, _ labels: [Int], classes: Int
    ) -> TrainedForest {
        precondition(vectorizer.columnCount <= Self.mostFeatures)
        let texts = FeatureIndex(counts)
        let weights = classWeight.weights(labels, classes: classes)
        let grown = inParallel(trees, parts: trees) { range in
            range.map { number in
                var grower = TreeGrower(self, texts, labels, weights, classes: classes, number: number)
                return grower.grow()
            }
        }
        return TrainedForest(vectorizer, grown.flatMap(\.self), outputs: classes == 2 ? 1 : classes)
    }
}
