import Text

extension Recipe: CustomStringConvertible {
    /// The choices in words, such as `logistic token:1-3 C=2.0`.
    public var description: String {
        switch self {
        case .linear(let recipe):
            let detail = recipe.approach == .bayes ? recipe.bayes.rawValue : "C=\(recipe.c)"
            return "\(recipe.approach.rawValue) \(Self.blocks(recipe.features)) \(detail)"
        case .forest(let recipe):
            return "\(recipe.kind.rawValue) forest \(Self.blocks(recipe.features)) "
                + "trees=\(recipe.trees) leaf=\(recipe.leafTexts)"
        case .lexicon(let recipe):
            return "lexicon smoothing=\(recipe.smoothing)"
        case .ensemble(let recipe):
            return "\(recipe.combination.rawValue) of \(recipe.members.map(\.description).joined(separator: ", "))"
        }
    }

    private static func blocks(_ features: Vectorizer.Options) -> String {
        features.blocks.map(\.description).joined(separator: "+")
    }
}
