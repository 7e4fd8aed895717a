/// The unigram language model, the tokenizer of XLM-R and ALBERT, with the same results as Hugging Face `tokenizers`.
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
    private let words: Words
    private let replacesQuotes: Bool

    /// Where a word begins.
    public enum Words: Sendable {
        /// After white space of any kind, which is left out.
        case whiteSpace
        /// At a space or a run of spaces; white space at the end is left out.
        case spaces
        /// At a space or a run of spaces, also at the end.
        case allSpaces
    }

    /// What an unknown character scores less than the token with the lowest score.
    private static let unknownPenalty = 10.0

    /// Creates a tokenizer; the memory of the tables must outlive it.
    ///
    /// - Parameters:
    ///   - trie: the tokens without the special ones, so that no text can spell those.
    ///   - scores: the log probability of each token.
    ///   - lowestScore: the lowest score of all tokens.
    ///   - characters: the replacements of characters, if there are any.
    ///   - words: where a word begins.
    ///   - replacesQuotes: whether two grave accents and two apostrophes become a quotation mark first.
    ///   - special: the special tokens.
    public init(
        trie: Trie, scores: UnsafeBufferPointer<Float>, lowestScore: Float, characters: CharacterMap?,
        words: Words, replacesQuotes: Bool, special: SpecialTokens
    ) {
        self.trie = trie
        self.scores = scores
        self.characters = characters
        self.words = words
        self.replacesQuotes = replacesQuotes
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
        if replacesQuotes {
            withQuotesReplaced(text).withUnsafeBufferPointer { replaceCharacters($0, to: &replaced) }
        } else {
            replaceCharacters(text, to: &replaced)
        }
        var marked: [UInt8] = []
        marked.reserveCapacity(2 * replaced.count + Self.mark.count)
        replaced.withUnsafeBufferPointer { mark($0, into: &marked) }
        marked.withUnsafeBufferPointer { appendWords($0, to: &ids, room: room) }
    }

    private func replaceCharacters(_ text: UTF8Bytes, to output: inout [UInt8]) {
        if let characters { characters.append(text, to: &output) } else { output.append(contentsOf: text) }
    }

    /// The text with a quotation mark instead of two grave accents or two apostrophes.
    private func withQuotesReplaced(_ text: UTF8Bytes) -> [UInt8] {
        var output: [UInt8] = []
        output.reserveCapacity(text.count)
        var index = 0
        while index < text.count {
            let isQuote = text[index] == UInt8(ascii: "`") || text[index] == UInt8(ascii: "'")
            let isPair = isQuote && index + 1 < text.count && text[index + 1] == text[index]
            output.append(isPair ? UInt8(ascii: "\"") : text[index])
            index += isPair ? 2 : 1
        }
        return output
    }

    /// `▁`, U+2581.
    private static let mark: [UInt8] = [0xE2, 0x96, 0x81]

    /// Writes a text with marks instead of the white space between words, and one before the first word.
    private func mark(_ text: UTF8Bytes, into output: inout [UInt8]) {
        var end = text.count
        let splitsAtAnyWhiteSpace = words == .whiteSpace
        if words != .allSpaces {
            while let (value, length) = text.codePoint(before: end), value.isSeparator { end -= length }
        }
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
        if isStart, words == .allSpaces, end > 0 { output.append(contentsOf: Self.mark) }
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
