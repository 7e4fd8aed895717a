/// The unigram language model, the tokenizer of XLM-R, with the same results as Hugging Face `tokenizers`.
///
/// Characters are replaced with a table, and each word is cut into the tokens whose product of probabilities is the largest.
/// A word begins with `▁`, which stands for the space before it.
///
/// - Source: Kudo 2018, arXiv:1804.10959; Kudo and Richardson 2018, arXiv:1808.06226.
public struct Unigram: SubwordTokenizer {
    /// The tokens with a special role.
    public let special: SpecialTokens
    private let trie: Trie
    private let scores: UnsafeBufferPointer<Float>
    private let unknownScore: Double
    private let characters: CharacterMap?
    private let splitsAtAnyWhiteSpace: Bool

    /// What an unknown character scores less than the token with the lowest score.
    private static let unknownPenalty = 10.0

    /// Creates a tokenizer; the memory of the tables must outlive it.
    ///
    /// - Parameters:
    ///   - trie: the tokens without the special ones, so that no text can spell those.
    ///   - scores: the log probability of each token.
    ///   - lowestScore: the lowest score of all tokens.
    ///   - characters: the replacements of characters, if there are any.
    ///   - splitsAtAnyWhiteSpace: whether words are what lies between white space of any kind. Otherwise only a space begins
    ///     a word, and white space at the end is left out.
    ///   - special: the special tokens.
    public init(
        trie: Trie, scores: UnsafeBufferPointer<Float>, lowestScore: Float, characters: CharacterMap?,
        splitsAtAnyWhiteSpace: Bool, special: SpecialTokens
    ) {
        self.trie = trie
        self.scores = scores
        self.characters = characters
        self.splitsAtAnyWhiteSpace = splitsAtAnyWhiteSpace
        self.special = special
        unknownScore = Double(lowestScore) - Self.unknownPenalty
    }

    /// Appends the ids of a text, and stops after the first word that exceeds `room`.
    ///
    /// - Parameters:
    ///   - text: the text as UTF-8, valid only during the call.
    ///   - ids: receives the ids after those that it has.
    ///   - room: the largest number of ids that are kept.
    public func append(_ text: UnsafeBufferPointer<UInt8>, to ids: inout [Int32], room: Int) {
        var replaced: [UInt8] = []
        replaced.reserveCapacity(text.count)
        if let characters { characters.append(text, to: &replaced) } else { replaced.append(contentsOf: text) }
        var marked: [UInt8] = []
        marked.reserveCapacity(2 * replaced.count + Self.mark.count)
        replaced.withUnsafeBufferPointer { mark($0, into: &marked) }
        marked.withUnsafeBufferPointer { appendWords($0, to: &ids, room: room) }
    }

    /// `▁`, U+2581.
    private static let mark: [UInt8] = [0xE2, 0x96, 0x81]

    /// Writes a text with marks instead of the white space between words, and one before the first word.
    private func mark(_ text: UTF8Bytes, into output: inout [UInt8]) {
        var end = text.count
        while let (value, length) = text.codePoint(before: end), value.isSeparator { end -= length }
        var index = 0
        var isStart = true
        while index < end {
            let (value, length) = text.codePoint(at: index)
            if value == 0x20 || splitsAtAnyWhiteSpace && value.isSeparator {
                index += length
                isStart = true
                continue
            }
            // A run of spaces is one mark. At the start and after white space of any kind, a mark in the text is enough.
            let isMark = value == 0x2581 && (splitsAtAnyWhiteSpace || output.isEmpty && text[0] != 0x20)
            if isStart && !isMark { output.append(contentsOf: Self.mark) }
            isStart = false
            output.append(contentsOf: text[index..<index + length])
            index += length
        }
    }

    private func appendWords(_ text: UTF8Bytes, to ids: inout [Int32], room: Int) {
        var path = BestPath()
        var start = 0
        while start < text.count && ids.count <= room {
            var end = start + 1
            while end < text.count, !isMark(text, at: end) { end += 1 }
            path.append(
                UTF8Bytes(rebasing: text[start..<end]), trie, scores, unknown: (special.unknown, unknownScore), to: &ids
            )
            start = end
        }
    }
    @inline(__always)
    private func isMark(_ text: UTF8Bytes, at index: Int) -> Bool {
        text[index] == 0xE2 && index + 2 < text.count && text[index + 1] == 0x96 && text[index + 2] == 0x81
    }
}
