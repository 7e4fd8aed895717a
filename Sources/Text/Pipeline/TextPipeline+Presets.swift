extension TextPipeline {
    /// A pipeline with a name.
    public enum Preset: String, Sendable, CaseIterable {
        /// Only lower case, as scikit-learn's vectorizers change a text by default.
        case plain
        /// Light cleaning that keeps everything that carries sentiment in tweets; the default for classical models.
        case tweet
        /// The preset `tweet` with tokens instead of links and mentions.
        case anonymous
        /// The cleaning of an earlier system: lemmas and stop words, ASCII only.
        case priorG = "prior-g"
        /// The cleaning of another earlier system: emoticons and emoji as words, stems, no punctuation.
        case priorK = "prior-k"

        /// What the models of Cardiff NLP expect: `@user` and `http` instead of mentions and links.
        case cardiff

        /// The steps, as texts.
        public var strings: [String] {
            switch self {
            case .plain: ["lowercase"]
            case .tweet: ["entities", "lowercase", "repeats:limit=3"]
            case .anonymous: ["entities", "lowercase", "links:token=URL", "mentions:token=USER", "repeats:limit=3"]
            case .cardiff: ["placeholders"]
            case .priorG:
                [
                    "entities", "lowercase", "links:token=<URL>,rule=prior-g", "mentions:token=<MENTION>,anywhere",
                    "hashtags:separate,anywhere", "punctuation:remove,keep=<>@#!?,anywhere", "ascii",
                    "punctuation:isolate,only=<>@#!?,anywhere", "merged", "lemmatize:rule=prior-g,spaced",
                    "stopwords:keep=negations,fragments,spaced", "spaces",
                ]
            case .priorK:
                [
                    "lowercase", "contractions:rule=prior-k", "emoticons:rule=prior-k", "emoji:codes",
                    "links:remove,rule=prior-k", "mentions:remove,anywhere", "hashtags:remove,anywhere",
                    "punctuation:remove,only=?!.,anywhere", "punctuation:space,ascii,anywhere",
                    "punctuation:isolate,only=«»“”‘’„,anywhere", "merged", "stopwords:keep=none,fragments,spaced",
                    "short:least=2", "stem:rule=nltk,spaced", "spaces",
                ]
            }
        }
    }

    /// Creates the pipeline of a preset.
    ///
    /// - Parameter name: the name of a preset, such as `tweet`.
    /// - Throws: `TextPipelineError` if no preset has the name.
    public init(preset name: String) throws(TextPipelineError) {
        guard let preset = Preset(rawValue: name) else {
            throw .unknownPreset(name: name, known: Preset.allCases.map(\.rawValue))
        }
        try self.init(preset.strings)
    }
}
