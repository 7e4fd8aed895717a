/// The keys and the tensor of a tokenizer.
public struct TokenizerSchema: Sendable, Equatable {
    /// The algorithms that this build knows.
    public enum Kind: String, Sendable, CaseIterable {
        /// BERT's tokenizer.
        case wordpiece
    }

    /// The algorithm.
    public var kind: Kind
    /// The number of tokens.
    ///
    /// All ids are less than this number.
    public var vocabulary: Int
    /// Whether control characters are removed and white space becomes a space.
    public var cleansText: Bool
    /// Whether each Chinese character becomes a word.
    public var splitsIdeographs: Bool
    /// Whether accents are removed.
    public var stripsAccents: Bool
    /// Whether letters become lower-case.
    public var lowercases: Bool
    /// The token that stands for unknown words.
    public var unknown: String
    /// The token before each text.
    public var start: String
    /// The token after each text.
    public var end: String
    /// The tokens that Hugging Face recognizes wherever a text spells them.
    public var specials: [String]

    /// Creates a schema.
    ///
    /// - Parameters:
    ///   - kind: The algorithm.
    ///   - vocabulary: The number of tokens.
    ///   - cleansText: Whether control characters are removed and white space becomes a space.
    ///   - splitsIdeographs: Whether each Chinese character becomes a word.
    ///   - stripsAccents: Whether accents are removed.
    ///   - lowercases: Whether letters become lower-case.
    ///   - unknown: The token that stands for unknown words.
    ///   - start: The token before each text.
    ///   - end: The token after each text.
    ///   - specials: The tokens that Hugging Face recognizes wherever a text spells them.
    public init(
        kind: Kind = .wordpiece, vocabulary: Int, cleansText: Bool, splitsIdeographs: Bool, stripsAccents: Bool,
        lowercases: Bool, unknown: String, start: String, end: String, specials: [String]
    ) {
        self.kind = kind
        self.vocabulary = vocabulary
        self.cleansText = cleansText
        self.splitsIdeographs = splitsIdeographs
        self.stripsAccents = stripsAccents
        self.lowercases = lowercases
        self.unknown = unknown
        self.start = start
        self.end = end
        self.specials = specials
    }
}

extension TokenizerSchema {
    /// The name of the tensor that holds the vocabulary as a trie of int32, (nodes, 3).
    public static let trie = "vocabulary.trie"

    private enum Keys {
        static let kind = MetadataKey<Kind>.choice("pinson.tokenizer.kind")
        static let vocabulary = MetadataKey.integer(
            "pinson.tokenizer.vocabulary", in: TransformerSchema.vocabularyRange)
        static let cleansText = MetadataKey.bool("pinson.tokenizer.cleans_text")
        static let splitsIdeographs = MetadataKey.bool("pinson.tokenizer.splits_ideographs")
        static let stripsAccents = MetadataKey.bool("pinson.tokenizer.strips_accents")
        static let lowercases = MetadataKey.bool("pinson.tokenizer.lowercases")
        static let unknown = MetadataKey.string("pinson.tokenizer.unknown_token")
        static let start = MetadataKey.string("pinson.tokenizer.start_token")
        static let end = MetadataKey.string("pinson.tokenizer.end_token")
        static let specials = MetadataKey.strings("pinson.tokenizer.special_tokens")
    }

    /// Reads the schema from a model file.
    ///
    /// - Parameter metadata: The file's metadata.
    /// - Throws: `ModelFileError` if a key is missing or has a value that is not valid.
    public init(_ metadata: Metadata) throws(ModelFileError) {
        kind = try Keys.kind.value(in: metadata)
        vocabulary = try Keys.vocabulary.value(in: metadata)
        cleansText = try Keys.cleansText.value(in: metadata)
        splitsIdeographs = try Keys.splitsIdeographs.value(in: metadata)
        stripsAccents = try Keys.stripsAccents.value(in: metadata)
        lowercases = try Keys.lowercases.value(in: metadata)
        unknown = try Keys.unknown.value(in: metadata)
        start = try Keys.start.value(in: metadata)
        end = try Keys.end.value(in: metadata)
        specials = try Keys.specials.value(in: metadata)
        guard !(specials + [unknown, start, end]).contains("") else {
            throw .invalid(path: metadata.path, reason: "one of its special tokens is empty")
        }
    }

    /// The schema as metadata.
    public var entries: [MetadataEntry] {
        [
            Keys.kind.entry(kind), Keys.vocabulary.entry(vocabulary), Keys.cleansText.entry(cleansText),
            Keys.splitsIdeographs.entry(splitsIdeographs), Keys.stripsAccents.entry(stripsAccents),
            Keys.lowercases.entry(lowercases), Keys.unknown.entry(unknown), Keys.start.entry(start),
            Keys.end.entry(end), Keys.specials.entry(specials),
        ]
    }
}
