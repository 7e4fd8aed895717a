/// The tokens with a special role.
public struct SpecialTokens: Sendable, Equatable {
    /// The id that stands for what is not in the vocabulary, such as `[UNK]`.
    public var unknown: Int32
    /// The id that starts every text, such as `[CLS]` or `<s>`.
    public var start: Int32
    /// The id that ends every text, such as `[SEP]` or `</s>`.
    public var end: Int32
    /// The texts that `LiteralHandling.asHuggingFace` reads as tokens, sorted by length with the longest first.
    public var literals: [Literal]

    /// The spelling of a special token, such as `[SEP]`.
    public struct Literal: Sendable, Equatable {
        /// The spelling in a text.
        public var text: String
        /// The id of the token.
        public var id: Int32
        /// Whether white space before the literal belongs to it, which is `lstrip` of Hugging Face.
        public var takesSpaceBefore: Bool

        /// Creates a literal.
        public init(text: String, id: Int32, takesSpaceBefore: Bool = false) {
            self.text = text
            self.id = id
            self.takesSpaceBefore = takesSpaceBefore
        }
    }

    /// Creates the set of special tokens; `literals` can be in any order.
    public init(unknown: Int32, start: Int32, end: Int32, literals: [Literal]) {
        self.unknown = unknown
        self.start = start
        self.end = end
        self.literals = literals.sorted { $0.text.utf8.count > $1.text.utf8.count }
    }
}

/// The meaning of a literal such as `[SEP]` in a text.
public enum LiteralHandling: Sendable {
    /// The literal is ordinary text, so the author of a text cannot insert special tokens.
    case asText
    /// The literal is the special token, which is the default of Hugging Face.
    case asHuggingFace
}

/// The token ids of one text.
public struct TokenizedText: Sendable, Equatable {
    /// The ids, including the start token and the end token.
    public var ids: [Int32]
    /// Whether tokens were removed from the end because the text has more of them than the limit allows.
    public var isTruncated: Bool
}
