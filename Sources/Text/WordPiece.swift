/// The tokenizer of BERT: text to token ids, with the same results as Hugging Face `tokenizers`.
///
/// The `Normalizer` splits a text into words. A word is cut from left to right, each time after the longest token of the
/// vocabulary that matches; tokens inside a word are spelled with a leading `##`. A word becomes one unknown token if a
/// part of it matches no token or if it has more than 100 code points.
///
/// - Source: Devlin et al. 2018, arXiv:1810.04805; Wu et al. 2016, arXiv:1609.08144, section 4.1.
public struct WordPiece: SubwordTokenizer {
    /// The largest number of code points in a word that is cut into tokens.
    static let mostCodePoints = 100

    let trie: Trie
    let normalizer: Normalizer
    /// The tokens with a special role.
    public let special: SpecialTokens
    /// The node after `##`, where the search for the next token inside a word starts; nil if no token has it.
    let continuation: Int?

    /// Creates a tokenizer; the memory of `trie` must outlive it.
    public init(trie: Trie, normalizer: Normalizer, special: SpecialTokens) {
        self.trie = trie
        self.normalizer = normalizer
        self.special = special
        continuation = trie.node(of: "##".utf8)
    }

    /// Appends the ids of the words of `text`, and stops after the first word that exceeds `room`.
    ///
    /// - Parameters:
    ///   - text: the text as UTF-8, valid only during the call.
    ///   - ids: receives the ids after those that it has.
    ///   - room: the largest number of ids that are kept.
    public func append(_ text: UnsafeBufferPointer<UInt8>, to ids: inout [Int32], room: Int) {
        guard let root = trie.node(of: []) else { return }
        normalizer.forEachWord(in: CodePoints(text)) { word, codePoints in
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
}
