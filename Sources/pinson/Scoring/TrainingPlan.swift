import Text
import Training

/// The recipes that `train` tries, and the search for the best of them.
struct TrainingPlan {
    /// The kind of model, or all kinds.
    enum Approach: String, CaseIterable, Sendable {
        case logistic, svm, bayes, ensemble, auto
    }

    private let candidates: [LinearSearch.Candidate]
    private let options: SearchOptions
    private let sets: TrainingData
    private let seed: UInt64

    /// Makes the recipes.
    ///
    /// - Throws: `TextPipelineError` if the text pipeline is not known.
    init(
        _ approach: Approach, _ recipe: RecipeOptions, _ options: SearchOptions, _ sets: TrainingData, seed: UInt64
    ) throws {
        self.options = options
        self.sets = sets
        self.seed = seed
        if let one = LinearRecipe.Approach(rawValue: approach.rawValue) {
            candidates = try options.search ? Self.candidates(one, recipe) : [Self.candidate(try recipe.recipe(one))]
        } else {
            candidates = try Self.all(recipe)
        }
    }

    /// One candidate for each approach, with words and characters and with words alone.
    ///
    /// - Throws: `TextPipelineError` if the text pipeline is not known.
    static func all(_ options: RecipeOptions) throws -> [LinearSearch.Candidate] {
        let features: [LinearRecipe.Features] =
            options.features.map { [$0] } ?? (options.ngrams.isEmpty ? [.wordAndChar, .word] : [.word])
        return try features.flatMap { features in
            try LinearRecipe.Approach.allCases.map { candidate(try options.recipe($0, features)) }
        }
    }

    private static func candidate(_ recipe: LinearRecipe) -> LinearSearch.Candidate {
        let blocks = recipe.features.blocks.map(\.description).joined(separator: "+")
        let detail = recipe.approach == .bayes ? recipe.bayes.rawValue : "C=\(recipe.c)"
        return .init("\(recipe.approach.rawValue) \(blocks) \(detail)", recipe)
    }

    /// The settings of one approach that are worth a try.
    private static func candidates(
        _ approach: LinearRecipe.Approach, _ options: RecipeOptions
    ) throws -> [LinearSearch.Candidate] {
        let features: [LinearRecipe.Features] =
            options.features.map { [$0] } ?? (options.ngrams.isEmpty ? [.wordAndChar, .word] : [.word])
        return try features.flatMap { features in
            let base = try options.recipe(approach, features)
            guard approach != .bayes else {
                return NaiveBayes.Kind.allCases.map {
                    var recipe = base
                    recipe.bayes = $0
                    return candidate(recipe)
                }
            }
            return (options.c == nil ? [1, 0.5, 2, 0.25, 4] : [1]).map {
                var recipe = base
                recipe.c *= $0
                return candidate(recipe)
            }
        }
    }

    /// The best candidate, which is found by cross-validation if there are several.
    func best(positive: Int?) -> LinearSearch.Candidate {
        guard candidates.count > 1 else { return candidates[0] }
        let folds = Folds(sets.training.texts, sets.training.labels, count: options.folds, seed: seed)
        let options = options
        var search = LinearSearch(candidates, folds, within: options.budget.map { .seconds($0) }) {
            options.value($0, positive: positive)
        }
        let name = (options.optimize ?? .accuracy).rawValue
        let start = ContinuousClock.now
        search.run(sets.training.texts, sets.training.labels, names: sets.labels) { candidate, number in
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
