public import ArgumentParser
import Text
public import Training

/// The options of a forest of decision trees.
struct ForestOptions: ParsableArguments {
    @Option(help: "The number of trees of a forest.")
    var trees = 100

    @Option(help: "The fewest texts of a leaf of a tree. A larger number gives a smaller file.")
    var leafTexts = 3

    @Option(
        name: .customLong("forest"),
        help: "The kind of forest: random (each tree learns from a random draw of the texts) or extra (from all texts)."
    )
    var kind = ForestRecipe.Kind.random

    func validate() throws {
        guard (1...ForestRecipe.mostTrees).contains(trees) else {
            throw ValidationError(
                "The value '\(trees)' is invalid for '--trees <trees>': expected 1 to \(ForestRecipe.mostTrees).")
        }
        guard leafTexts >= 1 else {
            throw ValidationError(
                "The value '\(leafTexts)' is invalid for '--leaf-texts <leaf-texts>': expected 1 or more.")
        }
    }

    /// The recipe of a forest.
    ///
    /// - Parameters:
    ///   - pipeline: The steps that change a text before it is split.
    ///   - blocks: The n-grams that the user has named, of which the most frequent ones can be asked for, or nil.
    /// - Returns: The recipe.
    func recipe(_ pipeline: TextPipeline, _ blocks: [NgramBlock]?) -> ForestRecipe {
        var recipe = ForestRecipe(pipeline)
        if let blocks {
            recipe.features = Vectorizer.Options(pipeline, blocks: blocks)
            recipe.features.maximumFeatures = ForestRecipe.mostFeatures / blocks.count
        }
        recipe.trees = trees
        recipe.leafTexts = leafTexts
        recipe.kind = kind
        return recipe
    }
}

extension ForestRecipe.Kind: ExpressibleByArgument {}
