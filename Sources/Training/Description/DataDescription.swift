/// What a set of texts looks like: labels, lengths, marks, words and scripts, and what is wrong with it.
public struct DataDescription: Encodable, Sendable {
    /// An n-gram that tells that a text has a label.
    public struct TellingNgram: Encodable, Sendable {
        /// The n-gram.
        public var text: String
        /// The number of texts of the label that have it.
        public var texts: Int
        /// The logarithm of the odds of the n-gram in the label, minus that in all other labels.
        public var logOdds: Double
        /// The log odds divided by their standard deviation.
        public var z: Double
    }

    /// An n-gram and the number of texts that have it.
    public struct FrequentNgram: Encodable, Sendable {
        /// The n-gram.
        public var text: String
        /// The number of texts of the label that have it.
        public var texts: Int
    }

    /// The texts with one label.
    public struct Label: Encodable, Sendable {
        /// The label, or nil for texts without one.
        public var name: String?
        /// The number of texts.
        public var texts: Int
        /// The numbers of characters.
        public var characters: Distribution
        /// The numbers of words.
        public var words: Distribution
        /// The number of texts that have each trait.
        public var traits: [TextTrait: Int]
        /// The n-grams that tell most that a text has this label.
        public var telling: [TellingNgram]
        /// The words that occur in the most texts.
        public var frequent: [FrequentNgram]
    }

    /// The number of texts.
    public var texts: Int
    /// The labels, the most frequent first.
    public var labels: [Label]
    /// The number of texts that are white space only.
    public var empty: Int
    /// The number of texts that are equal to an earlier one.
    public var repeated: Int
    /// The number of different texts that occur with several labels.
    public var contradictory: Int
    /// The number of texts with characters that could not be decoded.
    public var undecodable: Int
    /// The number of texts in each script.
    public var scripts: [WritingSystem: Int]
}

extension WritingSystem: CodingKeyRepresentable {}
