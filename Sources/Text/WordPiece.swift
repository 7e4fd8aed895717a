/// The tokenizer of BERT: text to token ids, with the same results as Hugging Face `tokenizers`.
///
/// The `Normalizer` splits a text into words. A word is cut from left to right, each time after the longest token of the
/// vocabulary that matches; tokens inside a word are spelled with a leading `##`. A word becomes one unknown token if a
/// part of it matches no token or if it has more than 100 code points.
///
/// - Source: Devlin et al. 2018, arXiv:1810.04805; Wu et al. 2016, arXiv:1609.08144, section 4.1.
public struct WordPiece {
    /// The tokens with a special role.
    public struct Special: Sendable, Equatable {
        /// The id that stands for a word that is not in the vocabulary, `[UNK]`.
        public var unknown: Int32
        /// The id that starts every encoding, `[CLS]`.
        public var start: Int32
        /// The id that ends every encoding, `[SEP]`.
        public var end: Int32
        /// The texts that `LiteralHandling.asHuggingFace` reads as tokens, sorted by length with the longest first.
        public var literals: [Literal]

        /// The spelling of a special token, such as `[SEP]`.
        public struct Literal: Sendable, Equatable {
            /// The spelling in a text.
            public var text: String
            /// The id of the token.
            public var id: Int32

            /// Creates a literal.
            public init(text: String, id: Int32) {
                self.text = text
                self.id = id
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
    public struct Encoding: Sendable, Equatable {
        /// The ids, including the start token and the end token.
        public var ids: [Int32]
        /// Whether tokens were removed from the end because the text has more of them than the limit allows.
        public var isTruncated: Bool
    }

    /// The largest number of code points in a word that is cut into tokens.
    static let mostCodePoints = 100

    let trie: Trie
    let normalizer: Normalizer
    let special: Special
    /// The node after `##`, where the search for the next token inside a word starts; nil if no token has it.
    private let continuation: Int?

    /// Creates a tokenizer; the memory of `trie` must outlive it.
    public init(trie: Trie, normalizer: Normalizer, special: Special) {
        self.trie = trie
        self.normalizer = normalizer
        self.special = special
        continuation = trie.node(of: "##".utf8)
    }

    /// Encodes a text.
    ///
    /// - Parameters:
    ///   - text: the text; it can be empty.
    ///   - limit: the largest number of ids, including the start and end tokens; at least 2 are always returned.
    ///   - literals: the meaning of special literals in `text`.
    /// - Returns: the start token, the tokens of the text that fit, and the end token.
    public func encode(_ text: String, limit: Int, literals: LiteralHandling = .asText) -> Encoding {
        let room = max(limit, 2) - 1  // for the start token and the text
        var ids = [special.start]
        switch literals {
        case .asText: append(text.unicodeScalars, to: &ids, room: room)
        case .asHuggingFace: appendWithLiterals(text.unicodeScalars[...], to: &ids, room: room)
        }
        let isTruncated = ids.count > room
        if isTruncated { ids.removeLast(ids.count - room) }
        return Encoding(ids: ids + [special.end], isTruncated: isTruncated)
    }

    /// Appends the ids of the words of `text`, and stops after the first word that exceeds `room`.
    private func append(_ text: some Sequence<Unicode.Scalar>, to ids: inout [Int32], room: Int) {
        guard let root = trie.node(of: []) else { return }
        normalizer.forEachWord(in: text) { word, codePoints in
            let first = ids.count
            var start = 0
            while start < word.count {
                guard codePoints <= Self.mostCodePoints,
                    let node = start == 0 ? root : continuation,
                    let (token, end) = trie.longestToken(in: word, from: start, node: node)
                else {
                    ids.removeLast(ids.count - first)
                    ids.append(special.unknown)
                    break
                }
                ids.append(token)
                start = end
            }
            return ids.count <= room
        }
    }

    /// Appends the ids of `text`, in which special literals stand for their tokens.
    ///
    /// Literals are found in the raw text, before it is normalized: the leftmost first, and at one place the longest.
    private func appendWithLiterals(_ text: Substring.UnicodeScalarView, to ids: inout [Int32], room: Int) {
        var plain = text.startIndex
        var index = text.startIndex
        while index < text.endIndex && ids.count <= room {
            let tail = text[index...]
            if let literal = special.literals.first(where: { tail.starts(with: $0.text.unicodeScalars) }) {
                append(text[plain..<index], to: &ids, room: room)
                ids.append(literal.id)
                index = tail.dropFirst(literal.text.unicodeScalars.count).startIndex
                plain = index
            } else {
                index = text.index(after: index)
            }
        }
        append(text[plain...], to: &ids, room: room)
    }
}
