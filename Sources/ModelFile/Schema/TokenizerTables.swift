extension TokenizerSchema {
    /// The tokens as a double-array trie of int32, (nodes, 3).
    ///
    /// WordPiece has all tokens here. Byte-pair encoding has those that their own bytes are merged into, and Unigram all
    /// but the special ones.
    public static let trie = "vocabulary.trie"

    /// The merges of byte-pair encoding as a hash table of int32, (slots, 4).
    public static let merges = "vocabulary.merges"

    /// The id of the token of each byte, (256) int32, of byte-pair encoding.
    public static let bytes = TensorSchema("vocabulary.bytes", .int32, [256])

    /// The log probability of each token of Unigram, (vocabulary).
    public var scores: TensorSchema { TensorSchema("vocabulary.scores", .float32, [vocabulary]) }

    /// The table of Unigram that maps characters, as bytes in the form of SentencePiece; absent if it maps none.
    public static let characters = "vocabulary.characters"
}
