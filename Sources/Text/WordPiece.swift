/// The BERT tokenizer: text to ids, as Hugging Face `tokenizers` gives them.
///
/// Words come from the `Normalizer`; each is cut greedily into the longest tokens of the vocabulary, those after the
/// first spelled with `##`; a word with a part in no token, or of more than 100 code points, is one unknown token.
///
/// - Source: Devlin et al. 2018, arXiv:1810.04805; Wu et al. 2016, arXiv:1609.08144, section 4.1.
public struct WordPiece {
    /// The ids of the tokens that no text spells.
    public struct Special: Sendable, Equatable {
        public var unknown: Int32
        public var start: Int32
        public var end: Int32
        /// The literals that `.asHuggingFace` takes for tokens, longest first.
        public var literals: [Literal]

        public struct Literal: Sendable, Equatable {
            public var text: String
            public var id: Int32

            public init(text: String, id: Int32) {
                self.text = text
                self.id = id
            }
        }

        public init(unknown: Int32, start: Int32, end: Int32, literals: [Literal]) {
            self.unknown = unknown
            self.start = start
            self.end = end
            self.literals = literals.sorted { $0.text.utf8.count > $1.text.utf8.count }
        }
    }

    /// What a literal `[SEP]` in a text means.
    public enum LiteralHandling: Sendable {
        /// Five characters like any others: a tweet cannot end its own input.
        case asText
        /// The special token, as Hugging Face has it by default.
        case asHuggingFace
    }

    /// The ids of one text.
    public struct Encoding: Sendable, Equatable {
        /// From the start token to the end token.
        public var ids: [Int32]
        /// Whether the text had more tokens than there was room for.
        public var isTruncated: Bool
    }

    static let mostCodePoints = 100

    let trie: Trie
    let normalizer: Normalizer
    let special: Special
    /// Where a walk for the rest of a word starts: behind `##`.
    private let continuation: Int?

    public init(trie: Trie, normalizer: Normalizer, special: Special) {
        self.trie = trie
        self.normalizer = normalizer
        self.special = special
        continuation = trie.node(of: "##".utf8)
    }

    /// The ids of `text`, at most `limit` of them with the start and end tokens; what is over is cut off at the end.
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

    /// Appends the ids of `text`; stops soon after there are more than `room`.
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

    /// Cuts special literals out of the raw text first: the leftmost, and of those the longest.
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
