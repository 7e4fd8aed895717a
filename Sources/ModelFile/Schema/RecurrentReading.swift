/// How a recurrent model reads a text: what its words are, and how many of them it reads.
///
/// Models of other libraries differ here, and a wrong choice changes every answer.
public struct RecurrentReading: Sendable, Equatable {
    /// What happens with words that are not known.
    public enum Unknown: String, Sendable, CaseIterable {
        /// They have a row of their own.
        case row
        /// They are left out.
        case skip
    }

    /// Where the row for padding is read until the text has as many words as the model reads.
    public enum Padding: String, Sendable, CaseIterable {
        /// Nowhere.
        case none
        /// Before the words.
        case before
        /// After the words.
        case after
    }

    /// Which words of a text are read that has too many.
    public enum Kept: String, Sendable, CaseIterable {
        /// The first ones.
        case first
        /// The last ones.
        case last
    }

    /// What a word is: `token`, `word` or `anyword`, as in the blocks of n-grams.
    ///
    /// It has no meaning if there are ``separators``.
    public var words = "token"
    /// The characters between words; none if ``words`` says what a word is.
    public var separators = ""
    /// What happens with words that are not known.
    public var unknown = Unknown.row
    /// Where the row for padding is read.
    public var padding = Padding.none
    /// Which words of a text are read that has too many.
    public var kept = Kept.first

    /// Creates the reading of our own models: all words, without padding.
    public init() {}

    private enum Keys {
        static let words = MetadataKey.string("pinson.recurrent.words")
        static let separators = MetadataKey.string("pinson.recurrent.separators")
        static let unknown = MetadataKey<Unknown>.choice("pinson.recurrent.unknown")
        static let padding = MetadataKey<Padding>.choice("pinson.recurrent.padding")
        static let kept = MetadataKey<Kept>.choice("pinson.recurrent.kept")
    }

    init(_ metadata: Metadata) throws(ModelFileError) {
        words = try Keys.words.value(in: metadata)
        separators = try Keys.separators.value(in: metadata)
        unknown = try Keys.unknown.value(in: metadata)
        padding = try Keys.padding.value(in: metadata)
        kept = try Keys.kept.value(in: metadata)
    }

    /// The reading as metadata.
    var entries: [MetadataEntry] {
        [
            Keys.words.entry(words), Keys.separators.entry(separators), Keys.unknown.entry(unknown),
            Keys.padding.entry(padding), Keys.kept.entry(kept),
        ]
    }
}
