public import Text

/// How a model of any kind is made from labelled texts.
public enum Recipe: Sendable {
    /// A linear model over n-grams.
    case linear(LinearRecipe)
    /// A forest of decision trees over n-grams.
    case forest(ForestRecipe)
    /// A lexicon with rules.
    case lexicon(LexiconRecipe)
    /// A bag of vectors of n-grams.
    case average(AverageRecipe)
    /// Several models whose outputs are combined.
    indirect case ensemble(EnsembleRecipe)

    /// The steps that change a text before it is split, which all members of an ensemble share.
    public var pipeline: TextPipeline {
        switch self {
        case .linear(let recipe): recipe.features.pipeline
        case .forest(let recipe): recipe.features.pipeline
        case .lexicon(let recipe): recipe.pipeline
        case .average(let recipe): recipe.features.pipeline
        case .ensemble(let recipe): recipe.members[0].pipeline
        }
    }

    /// Whether the model, or a member of it, learns the scores of a teacher.
    public var learnsScores: Bool {
        switch self {
        case .linear(let recipe): recipe.approach == .logistic || recipe.approach == .ensemble
        case .forest, .lexicon: false
        case .average: true
        case .ensemble(let recipe): recipe.members.contains(where: \.learnsScores)
        }
    }

    /// Trains a model.
    ///
    /// - Parameters:
    ///   - texts: The texts.
    ///   - labels: The class of each text, from 0.
    ///   - classes: The number of classes, at least 2. Each class has a text.
    ///   - soft: The probability of each class that a teacher gives each text, (texts, classes), or nil. Only logistic
    ///     regression and bags of vectors learn them.
    /// - Returns: The model.
    public func train(_ texts: [String], _ labels: [Int], classes: Int, soft: [Double]? = nil) -> TrainedModel {
        // A linear model that is trained alone needs its counts only once, which halves its memory.
        if case .linear(let recipe) = self {
            return .linear(recipe.train(texts, labels, classes: classes, soft: soft))
        }
        return train(TextSet(texts), at: Array(texts.indices), labels, classes: classes, soft: soft)
    }

    /// Trains a model on some of the texts of a set.
    ///
    /// - Parameters:
    ///   - set: The texts.
    ///   - rows: The indices of the texts to learn from.
    ///   - labels: The class of each text of the set, from 0.
    ///   - classes: The number of classes, at least 2. Each class has a text among those to learn from.
    ///   - soft: The probability of each class that a teacher gives each text of the set, (texts, classes), or nil.
    /// - Returns: The model.
    func train(
        _ set: TextSet, at rows: [Int], _ labels: [Int], classes: Int, soft: [Double]? = nil
    ) -> TrainedModel {
        let soft = soft.map { soft in rows.flatMap { soft[$0 * classes..<($0 + 1) * classes] } }
        let wanted = rows.map { labels[$0] }
        switch self {
        case .linear(let recipe):
            let counted = set.counted(recipe.features)
            return .linear(
                recipe.train(counted.vectorizer, counted.counts.rows(at: rows), wanted, classes: classes, soft: soft))
        case .forest(let recipe):
            let counted = set.counted(recipe.features)
            return .forest(recipe.train(counted.vectorizer, counted.counts.rows(at: rows), wanted, classes: classes))
        case .lexicon(let recipe):
            return .lexicon(recipe.train(rows.map { set.texts[$0] }, wanted, classes: classes))
        case .average(let recipe):
            let counted = set.counted(recipe.features)
            return .average(
                recipe.train(counted.vectorizer, counted.counts.rows(at: rows), wanted, classes: classes, soft: soft))
        case .ensemble(let recipe):
            return recipe.train(set, at: rows, labels, classes: classes, soft: soft)
        }
    }
}
