import Text

extension Recipe: CustomStringConvertible {
    /// The choices in words, such as `logistic token:1-3 C=2.0`.
    public var description: String {
        switch self {
        case .linear(let recipe):
            let usual = LinearRecipe(recipe.approach, .word, recipe.features.pipeline)
            var words = ["\(recipe.approach.rawValue)", Self.blocks(recipe.features)]
            words.append(recipe.approach == .bayes ? recipe.bayes.rawValue : "C=\(recipe.c)")
            if recipe.weighting.counting != usual.weighting.counting {
                words.append(recipe.weighting.counting.rawValue)
            }
            let least = recipe.features.minimumTexts
            if least != Vectorizer.Options(recipe.features.pipeline, blocks: recipe.features.blocks).minimumTexts {
                words.append("texts>=\(least.map(String.init).joined(separator: "+"))")
            }
            return words.joined(separator: " ")
        case .forest(let recipe):
            return "\(recipe.kind.rawValue) forest \(Self.blocks(recipe.features)) "
                + "trees=\(recipe.trees) leaf=\(recipe.leafTexts)"
        case .lexicon(let recipe):
            return "lexicon smoothing=\(recipe.smoothing)"
        case .average(let recipe):
            let start = recipe.vectors == nil ? "" : recipe.isFrozen ? " of fixed vectors" : " from vectors"
            return "average\(start) \(Self.blocks(recipe.features)) dimensions=\(recipe.vectors?.width ?? recipe.width)"
                + (recipe.isFrozen ? "" : " rate=\(recipe.learningRate)")
                + (recipe.isFrozen ? "" : recipe.epochs.map { " epochs=\($0)" } ?? "")
        case .ensemble(let recipe):
            return "\(recipe.combination.rawValue) of \(recipe.members.map(\.description).joined(separator: ", "))"
        }
    }

    private static func blocks(_ features: Vectorizer.Options) -> String {
        features.blocks.map(\.description).joined(separator: "+")
    }
}
