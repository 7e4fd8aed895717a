/// How BERT's tokenizer changes a text first.
public struct WordPieceRules: Sendable, Equatable {
    /// Whether control characters are removed and white space becomes a space.
    public var cleansText: Bool
    /// Whether each Chinese character becomes a word.
    public var splitsIdeographs: Bool
    /// Whether accents are removed.
    public var stripsAccents: Bool
    /// Whether letters become lower-case.
    public var lowercases: Bool

    /// Creates rules.
    ///
    /// - Parameters:
    ///   - cleansText: Whether control characters are removed and white space becomes a space.
    ///   - splitsIdeographs: Whether each Chinese character becomes a word.
    ///   - stripsAccents: Whether accents are removed.
    ///   - lowercases: Whether letters become lower-case.
    public init(cleansText: Bool, splitsIdeographs: Bool, stripsAccents: Bool, lowercases: Bool) {
        self.cleansText = cleansText
        self.splitsIdeographs = splitsIdeographs
        self.stripsAccents = stripsAccents
        self.lowercases = lowercases
    }
}

extension WordPieceRules {
    private enum Keys {
        static let cleansText = MetadataKey.bool("pinson.tokenizer.cleans_text")
        static let splitsIdeographs = MetadataKey.bool("pinson.tokenizer.splits_ideographs")
        static let stripsAccents = MetadataKey.bool("pinson.tokenizer.strips_accents")
        static let lowercases = MetadataKey.bool("pinson.tokenizer.lowercases")
    }

    init(_ metadata: Metadata) throws(ModelFileError) {
        cleansText = try Keys.cleansText.value(in: metadata)
        splitsIdeographs = try Keys.splitsIdeographs.value(in: metadata)
        stripsAccents = try Keys.stripsAccents.value(in: metadata)
        lowercases = try Keys.lowercases.value(in: metadata)
    }

    var entries: [MetadataEntry] {
        [
            Keys.cleansText.entry(cleansText), Keys.splitsIdeographs.entry(splitsIdeographs),
            Keys.stripsAccents.entry(stripsAccents), Keys.lowercases.entry(lowercases),
        ]
    }
}

/// How the tokenizers of XLM-R and ALBERT cut a text into words.
///
/// It maps characters with the table `vocabulary.characters` first.
public struct UnigramRules: Sendable, Equatable {
    /// Where a word begins.
    public enum Words: String, Sendable, CaseIterable {
        /// After white space of any kind, which is left out.
        case whiteSpace = "white_space"
        /// At a space or a run of spaces, which becomes a part of the word. White space at the end is left out.
        case spaces
        /// At a space or a run of spaces, which becomes a part of the word, also at the end.
        case allSpaces = "all_spaces"
    }

    /// Where a word begins.
    public var words: Words
    /// The lowest log probability of a token.
    ///
    /// An unknown character has less.
    public var lowestScore: Float
    /// Whether the table of characters has entries for code points alone, and two grave accents or two apostrophes become a
    /// quotation mark first, as in ALBERT.
    public var isAlbert: Bool

    /// Creates rules.
    ///
    /// - Parameters:
    ///   - words: Where a word begins.
    ///   - lowestScore: The lowest log probability of a token.
    ///   - isAlbert: Whether the table has entries for code points alone, and double quotes are replaced first.
    public init(words: Words, lowestScore: Float, isAlbert: Bool = false) {
        self.words = words
        self.lowestScore = lowestScore
        self.isAlbert = isAlbert
    }
}

extension UnigramRules {
    private enum Keys {
        static let words = MetadataKey<Words>.choice("pinson.tokenizer.words")
        static let lowestScore = MetadataKey.float(
            "pinson.tokenizer.lowest_score", in: -Float.greatestFiniteMagnitude...Float.greatestFiniteMagnitude)
        static let isAlbert = MetadataKey.bool("pinson.tokenizer.albert")
    }

    init(_ metadata: Metadata) throws(ModelFileError) {
        words = try Keys.words.value(in: metadata)
        lowestScore = try Keys.lowestScore.value(in: metadata)
        isAlbert = metadata[Keys.isAlbert.name] == nil ? false : try Keys.isAlbert.value(in: metadata)
    }

    var entries: [MetadataEntry] {
        [Keys.words.entry(words), Keys.lowestScore.entry(lowestScore)] + (isAlbert ? [Keys.isAlbert.entry(true)] : [])
    }
}
