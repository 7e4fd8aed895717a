/// The facts that every model file states, whatever the family of the model.
public struct ModelCard: Sendable, Equatable {
    /// The model's name.
    public var name: String
    /// The family's name, such as `TransformerSchema.family`.
    ///
    /// It decides which other keys and tensors the file has.
    public var family: String
    /// The labels, in the order of the logits.
    ///
    /// Empty for a sentence encoder.
    public var labels: [String]
    /// The most tokens of a text that are read, with the start and end tokens.
    public var maxTokens: Int
    /// The steps that change a text before it is tokenized, in order.
    public var preprocessing: [String]
    /// How the logits become scores and a label.
    public var decision: Decision

    /// Creates a card.
    ///
    /// - Parameters:
    ///   - name: The model's name.
    ///   - family: The family's name.
    ///   - labels: The labels, in the order of the logits. Empty for a sentence encoder.
    ///   - maxTokens: The most tokens of a text that are read.
    ///   - preprocessing: The steps that change a text before it is tokenized, in order.
    ///   - decision: How the logits become scores and a label.
    public init(
        name: String, family: String, labels: [String], maxTokens: Int, preprocessing: [String] = [],
        decision: Decision = Decision()
    ) {
        self.name = name
        self.family = family
        self.labels = labels
        self.maxTokens = maxTokens
        self.preprocessing = preprocessing
        self.decision = decision
    }
}

extension ModelCard {
    /// The numbers of tokens that a model may read at most.
    public static let maxTokensRange = 2...8192

    private enum Keys {
        static let name = MetadataKey.string("general.name")
        static let family = MetadataKey.string("pinson.family")
        static let labels = MetadataKey.strings("pinson.labels")
        static let maxTokens = MetadataKey.integer("pinson.max_tokens", in: maxTokensRange)
        static let preprocessing = MetadataKey.strings("pinson.preprocessing")
    }

    /// Reads the card of a model file.
    ///
    /// - Parameter file: The file.
    /// - Throws: `ModelFileError` if a key is missing or has a value that is not valid.
    public init(_ file: ModelFile) throws(ModelFileError) {
        let metadata = file.metadata
        name = try Keys.name.value(in: metadata)
        family = try Keys.family.value(in: metadata)
        labels = try Keys.labels.value(in: metadata)
        maxTokens = try Keys.maxTokens.value(in: metadata)
        preprocessing = try Keys.preprocessing.value(in: metadata)
        decision = try Decision(metadata)
        guard Set(labels).count == labels.count, labels.count != 1 else {
            throw .invalid(path: file.path, reason: "its labels are \(labels), expected distinct names, at least two")
        }
    }

    /// The card as metadata.
    public var entries: [MetadataEntry] {
        [
            Keys.name.entry(name), Keys.family.entry(family), Keys.labels.entry(labels),
            Keys.maxTokens.entry(maxTokens), Keys.preprocessing.entry(preprocessing),
        ] + decision.entries
    }
}
