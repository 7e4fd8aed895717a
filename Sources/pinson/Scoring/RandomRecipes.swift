import Foundation
import Text
import Training

/// Draws recipes of one kind of model, for a random search.
///
/// The first recipe is the one that would be trained without a search.
struct RandomRecipes {
    private let options: RecipeOptions
    private let base: Recipe
    private let features: [LinearRecipe.Features]
    private var random: SplitMix64

    /// Prepares the draws.
    ///
    /// - Parameters:
    ///   - base: The recipe that would be trained without a search.
    ///   - options: The settings that the user has chosen, which are not drawn.
    ///   - features: The n-grams that are tried.
    ///   - seed: The same seed draws the same recipes.
    init(_ base: Recipe, _ options: RecipeOptions, features: [LinearRecipe.Features], seed: UInt64) {
        self.base = base
        self.options = options
        self.features = features
        random = SplitMix64(seed: seed)
    }

    /// Draws different recipes.
    ///
    /// - Parameter count: The number of recipes. There are fewer if there are not as many different ones.
    /// - Returns: The recipes.
    /// - Throws: `TextPipelineError` if the text pipeline is not known.
    mutating func draw(_ count: Int) throws -> [Recipe] {
        var recipes = [base]
        var names: Set = ["\(base)"]
        for _ in 0..<20 * count where recipes.count < count {
            let recipe = try next()
            if names.insert("\(recipe)").inserted { recipes.append(recipe) }
        }
        return recipes
    }

    private mutating func next() throws -> Recipe {
        switch base {
        case .linear(let first): return .linear(try linear(first.approach))
        case .forest(var recipe):
            recipe.leafTexts = Int(scaled(1, by: 20).rounded())
            recipe.kind = element(of: ForestRecipe.Kind.allCases)
            return .forest(recipe)
        case .lexicon(var recipe):
            recipe.smoothing = scaled(0.1, by: 1000)
            return .lexicon(recipe)
        case .average(var recipe):
            recipe.learningRate = scaled(recipe.learningRate / 4, by: 16)
            if recipe.vectors == nil { recipe.width = element(of: [5, 10, 20, 50]) }
            return .average(recipe)
        case .ensemble(var recipe):
            recipe.combination = element(of: EnsembleRecipe.Combination.allCases)
            return .ensemble(recipe)
        }
    }

    private mutating func linear(_ approach: LinearRecipe.Approach) throws -> LinearRecipe {
        var recipe = try options.linear(approach, element(of: features))
        if options.c == nil { recipe.c = scaled(recipe.c / 8, by: 64) }
        if options.counting == nil, approach != .bayes {
            recipe.weighting.counting = element(of: Weighting.Counting.allCases)
        }
        if options.minTexts == nil {
            let least = element(of: [1, 2, 3, 5])
            recipe.features.minimumTexts = recipe.features.minimumTexts.map { _ in least }
        }
        if approach == .bayes { recipe.bayes = element(of: NaiveBayes.Kind.allCases) }
        return recipe
    }

    private mutating func element<Element>(of elements: [Element]) -> Element {
        elements[Int.random(in: elements.indices, using: &random)]
    }

    /// A number from `smallest` to its product with `factor`, whose logarithm is uniform, with two digits.
    private mutating func scaled(_ smallest: Double, by factor: Double) -> Double {
        let value = smallest * pow(factor, Double.random(in: 0..<1, using: &random))
        let digits = pow(10, (1 - floor(log10(value))))
        return (value * digits).rounded() / digits
    }
}
