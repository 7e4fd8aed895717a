/// The keys of a tokenizer.
///
/// Its tables are tensors whose names begin with `vocabulary.`.
public struct TokenizerSchema: Sendable, Equatable {
    /// The algorithms that this build knows.
    public enum Kind: String, Sendable, CaseIterable {
        /// BERT's tokenizer.
        case wordpiece
        /// The tokenizer of RoBERTa.
        case byteLevelBPE = "byte_level_bpe"
        /// The tokenizer of XLM-R.
        case unigram
    }

    /// The algorithm and its rules.
    public enum Algorithm: Sendable, Equatable {
        /// BERT's tokenizer.
        case wordPiece(WordPieceRules)
        /// The tokenizer of RoBERTa. A text can be read as if it began with a space.
        case byteLevelBPE(addsPrefixSpace: Bool)
        /// The tokenizer of XLM-R.
        case unigram(UnigramRules)

        /// The name of the algorithm.
        public var kind: Kind {
            switch self {
            case .wordPiece: .wordpiece
            case .byteLevelBPE: .byteLevelBPE
            case .unigram: .unigram
            }
        }
    }

    /// A token that Hugging Face recognizes wherever a text spells it.
    public struct SpecialToken: Sendable, Equatable {
        /// The spelling.
        public var text: String
        /// The id, or nil if the vocabulary has it.
        public var id: Int?
        /// Whether white space before the token belongs to it.
        public var takesSpaceBefore: Bool

        /// Declares a token.
        public init(_ text: String, id: Int? = nil, takesSpaceBefore: Bool = false) {
            self.text = text
            self.id = id
            self.takesSpaceBefore = takesSpaceBefore
        }
    }

    /// The algorithm and its rules.
    public var algorithm: Algorithm
    /// The number of tokens.
    ///
    /// All ids are less than this number.
    public var vocabulary: Int
    /// The token that stands for what the vocabulary cannot spell.
    public var unknown: String
    /// The token before each text.
    public var start: String
    /// The token after each text.
    public var end: String
    /// The tokens that Hugging Face recognizes wherever a text spells them.
    ///
    /// WordPiece looks their ids up in its vocabulary. The other algorithms store the ids, and these tokens are not part
    /// of the vocabulary of texts; the tokens `unknown`, `start` and `end` are among them.
    public var specials: [SpecialToken]

    /// Creates a schema.
    ///
    /// - Parameters:
    ///   - algorithm: The algorithm and its rules.
    ///   - vocabulary: The number of tokens.
    ///   - unknown: The token that stands for what the vocabulary cannot spell.
    ///   - start: The token before each text.
    ///   - end: The token after each text.
    ///   - specials: The tokens that Hugging Face recognizes wherever a text spells them.
    public init(
        _ algorithm: Algorithm, vocabulary: Int, unknown: String, start: String, end: String, specials: [SpecialToken]
    ) {
        self.algorithm = algorithm
        self.vocabulary = vocabulary
        self.unknown = unknown
        self.start = start
        self.end = end
        self.specials = specials
    }
}

extension TokenizerSchema {
    private enum Keys {
        static let kind = MetadataKey<Kind>.choice("pinson.tokenizer.kind")
        static let vocabulary = MetadataKey.integer(
            "pinson.tokenizer.vocabulary", in: TransformerSchema.vocabularyRange)
        static let addsPrefixSpace = MetadataKey.bool("pinson.tokenizer.adds_prefix_space")
        static let unknown = MetadataKey.string("pinson.tokenizer.unknown_token")
        static let start = MetadataKey.string("pinson.tokenizer.start_token")
        static let end = MetadataKey.string("pinson.tokenizer.end_token")
        static let specials = MetadataKey.strings("pinson.tokenizer.special_tokens")
        static let specialIDs = MetadataKey.integers("pinson.tokenizer.special_ids", in: 0...(1 << 24))
        static let takingSpace = MetadataKey.strings("pinson.tokenizer.tokens_with_space_before")
    }

    /// Reads the schema from a model file.
    ///
    /// - Parameter metadata: The file's metadata.
    /// - Throws: `ModelFileError` if a key is missing or has a value that is not valid.
    public init(_ metadata: Metadata) throws(ModelFileError) {
        switch try Keys.kind.value(in: metadata) {
        case .wordpiece: algorithm = .wordPiece(try WordPieceRules(metadata))
        case .byteLevelBPE: algorithm = .byteLevelBPE(addsPrefixSpace: try Keys.addsPrefixSpace.value(in: metadata))
        case .unigram: algorithm = .unigram(try UnigramRules(metadata))
        }
        vocabulary = try Keys.vocabulary.value(in: metadata)
        unknown = try Keys.unknown.value(in: metadata)
        start = try Keys.start.value(in: metadata)
        end = try Keys.end.value(in: metadata)
        let texts = try Keys.specials.value(in: metadata)
        guard !(texts + [unknown, start, end]).contains("") else {
            throw .invalid(path: metadata.path, reason: "one of its special tokens is empty")
        }
        guard algorithm.kind != .wordpiece else {
            specials = texts.map { SpecialToken($0) }
            return
        }
        let ids = try Keys.specialIDs.value(in: metadata)
        let taking = Set(try Keys.takingSpace.value(in: metadata).map { Array($0.utf8) })
        guard ids.count == texts.count, (ids.max() ?? -1) < vocabulary else {
            throw .invalid(
                path: metadata.path,
                reason:
                    "it has \(texts.count) special tokens, and the ids \(ids), expected one below \(vocabulary) for each"
            )
        }
        specials = zip(texts, ids).map {
            SpecialToken($0, id: $1, takesSpaceBefore: taking.contains(Array($0.utf8)))
        }
    }

    /// The schema as metadata.
    public var entries: [MetadataEntry] {
        var entries = [Keys.kind.entry(algorithm.kind), Keys.vocabulary.entry(vocabulary)]
        switch algorithm {
        case .wordPiece(let rules): entries += rules.entries
        case .byteLevelBPE(let addsPrefixSpace): entries.append(Keys.addsPrefixSpace.entry(addsPrefixSpace))
        case .unigram(let rules): entries += rules.entries
        }
        entries += [
            Keys.unknown.entry(unknown), Keys.start.entry(start), Keys.end.entry(end),
            Keys.specials.entry(specials.map(\.text)),
        ]
        guard algorithm.kind != .wordpiece else { return entries }
        return entries + [
            Keys.specialIDs.entry(specials.map { $0.id ?? 0 }),
            Keys.takingSpace.entry(specials.filter(\.takesSpaceBefore).map(\.text)),
        ]
    }
}
