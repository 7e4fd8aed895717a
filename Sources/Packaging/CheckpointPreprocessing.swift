import Text

/// The steps that change a text before the tokenizer of a checkpoint reads it.
///
/// The models of Cardiff NLP were trained on tweets with `@user` and `http` instead of mentions and links. No file
/// of the tokenizer does this. The cards of the models ask the user to do it.
///
/// - Source: Barbieri et al. 2020, arXiv:2010.12421; Loureiro et al. 2022, arXiv:2202.03829.
struct CheckpointPreprocessing {
    /// The steps as a model file stores them.
    let steps: [String]

    /// The choice of no steps, whatever the model is.
    static let none = "none"

    /// Chooses the steps.
    ///
    /// - Parameters:
    ///   - choice: The name of a preset or `none`, or nil to choose by the names and the card of the model.
    ///   - names: The names by which the model is known.
    ///   - folder: The folder of the checkpoint, in which a README.md may be its card.
    /// - Throws: `TextPipelineError` if there is no such preset.
    init(_ choice: String?, names: [String], folder: String) throws {
        let isCardiff = names.contains(where: Self.isCardiff) || Self.isCardiffCard(FrontMatter.text(folder: folder))
        let preset = choice ?? (isCardiff ? TextPipeline.Preset.cardiff.rawValue : Self.none)
        steps = preset == Self.none ? [] : try TextPipeline(preset: preset).strings
    }

    /// Whether a name is that of a model of Cardiff NLP, such as `twitter-roberta-base-sentiment-latest`.
    private static func isCardiff(_ name: String) -> Bool {
        let name = name.lowercased()
        return name.contains("twitter-roberta-") || name.contains("twitter-xlm-roberta-")
    }

    /// Whether a card has the line of Python that replaces mentions.
    private static func isCardiffCard(_ text: String) -> Bool {
        text.contains("'@user' if t.startswith('@')")
    }
}
