import Training

/// The recipes that `train` tries, and the search for the best of them.
struct TrainingPlan {
    private let candidates: [RecipeSearch.Candidate]
    private let options: SearchOptions
    private let sets: TrainingData
    private let seed: UInt64

    /// Makes the recipes.
    ///
    /// - Throws: `TextPipelineError` if the text pipeline is not known, and `VectorFileError` if a file of word vectors
    ///   cannot be read.
    init(
        _ approach: Approach, _ recipe: RecipeOptions, _ options: SearchOptions, _ sets: TrainingData, seed: UInt64
    ) throws {
        self.options = options
        self.sets = sets
        self.seed = seed
        if approach == .auto {
            candidates = try Self.all(recipe)
        } else {
            let usesVectors = approach == .average || recipe.ensembleOptions.members.contains(.average)
            let vectors = usesVectors ? try recipe.readVectors(sets.training.texts) : nil
            let base = try recipe.recipe(approach, vectors, seed: seed)
            switch options.search {
            case nil: candidates = [Self.candidate(base)]
            case .grid: candidates = try Self.candidates(base, recipe)
            case .random:
                var random = RandomRecipes(base, recipe, features: Self.features(recipe), seed: seed)
                candidates = try random.draw(options.trials).map(Self.candidate)
            }
        }
    }

    /// One candidate for each approach, and for linear models one with words and characters and one with words alone.
    ///
    /// - Throws: `TextPipelineError` if the text pipeline is not known.
    static func all(_ options: RecipeOptions) throws -> [RecipeSearch.Candidate] {
        try features(options).flatMap { features in
            try LinearRecipe.Approach.allCases.map { candidate(.linear(try options.linear($0, features))) }
        } + [.forest, .lexicon, .average].map { candidate(try options.recipe($0)) }
    }

    private static func candidate(_ recipe: Recipe) -> RecipeSearch.Candidate { .init("\(recipe)", recipe) }

    /// The n-grams that are tried.
    private static func features(_ options: RecipeOptions) -> [LinearRecipe.Features] {
        options.features.map { [$0] } ?? (options.ngrams.isEmpty ? [.wordAndChar, .word] : [.word])
    }

    /// The settings of one approach that are worth a try.
    private static func candidates(
        _ base: Recipe, _ options: RecipeOptions
    ) throws -> [RecipeSearch.Candidate] {
        switch base {
        case .linear(let first):
            return try features(options).flatMap { features in
                candidates(try options.linear(first.approach, features), isFree: options.c == nil).map {
                    candidate(.linear($0))
                }
            }
        case .forest(let first):
            return [(first.leafTexts, first.kind), (1, .random), (10, .random), (3, .extra), (10, .extra)].map {
                var recipe = first
                (recipe.leafTexts, recipe.kind) = $0
                return candidate(.forest(recipe))
            }
        case .lexicon(let first):
            return [first.smoothing, 1, 10].map {
                var recipe = first
                recipe.smoothing = $0
                return candidate(.lexicon(recipe))
            }
        case .average(let first):
            return [1, 0.25, 0.5, 2, 4].map { rate in
                var recipe = first
                recipe.learningRate *= rate
                return candidate(.average(recipe))
            }
        case .ensemble(let first):
            return EnsembleRecipe.Combination.allCases.map {
                var recipe = first
                recipe.combination = $0
                return candidate(.ensemble(recipe))
            }
        }
    }

    private static func candidates(_ base: LinearRecipe, isFree: Bool) -> [LinearRecipe] {
        guard base.approach != .bayes else {
            return NaiveBayes.Kind.allCases.map {
                var recipe = base
                recipe.bayes = $0
                return recipe
            }
        }
        return (isFree ? [1, 0.5, 2, 0.25, 4] : [1]).map {
            var recipe = base
            recipe.c *= $0
            return recipe
        }
    }

    /// The best candidate, which is found by cross-validation if there are several.
    ///
    /// `report` receives each candidate once it is measured.
    func best(
        positive: Int?, _ report: (RecipeSearch.Candidate) -> Void = { _ in }
    ) -> RecipeSearch.Candidate {
        guard candidates.count > 1 else { return candidates[0] }
        let folds = Folds(sets.training.texts, sets.training.labels, count: options.folds, seed: seed)
        let options = options
        var search = RecipeSearch(candidates, folds, within: options.budget.map { .seconds($0) }) {
            options.value($0, positive: positive)
        }
        let name = (options.optimize ?? .accuracy).rawValue
        let start = ContinuousClock.now
        search.run(sets.training.texts, sets.training.labels, names: sets.labels) { candidate, number in
            report(candidate)
            let value = candidate.mean.map { fixed($0, 4) } ?? "–"
            let end = candidate.isGivenUp ? ", given up" : ""
            let left =
                (ContinuousClock.now - start) / .seconds(1) / Double(number + 1) * Double(candidates.count - number - 1)
            say(
                "\(number + 1) of \(candidates.count)  \(name) \(value)  \(candidate.name)  "
                    + "(\(fixed(candidate.seconds, 1)) s\(end); about \(fixed(left, 0)) s left)")
        }
        return search.best ?? candidates[0]
    }
}
