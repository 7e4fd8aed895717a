/// How often everything that can be counted occurs in a text.
///
/// Training, evaluation and serving use these counts, so all of them mean the same by a word in capitals or a negation.
public struct TextCounts: Sendable, Equatable {
    private var characters = 0
    private var words = 0
    private var negations = 0
    private var capitals = 0
    private var elongations = 0
    private var questions = 0
    private var exclamations = 0
    private var ellipses = 0
    private var hashtags = 0
    private var links = 0
    private var mentions = 0
    private var emoticons = 0
    private var emoji = 0

    /// Counts in a text.
    ///
    /// - Parameter text: The text as it was typed, in UTF-8.
    /// - Complexity: O(bytes of `text`); allocates nothing.
    public init(_ text: UnsafeBufferPointer<UInt8>) {
        var index = 0
        while index < text.count { index = read(text, at: index) }
        for byte in text where byte & 0xC0 != 0x80 { characters += 1 }
    }

    /// Counts in a text.
    ///
    /// - Parameter text: The text as it was typed.
    public init(_ text: String) {
        var text = text
        self = text.withUTF8 { TextCounts($0) }
    }

    /// The number of times that something occurs.
    ///
    /// - Parameter count: What is counted.
    /// - Returns: The number.
    public subscript(count: TextCount) -> Int {
        switch count {
        case .characters: characters
        case .words: words
        case .negations: negations
        case .capitals: capitals
        case .elongations: elongations
        case .questions: questions
        case .exclamations: exclamations
        case .ellipses: ellipses
        case .hashtags: hashtags
        case .links: links
        case .mentions: mentions
        case .emoticons: emoticons
        case .emoji: emoji
        }
    }

    /// Counts what begins at `index`, and returns its end.
    private mutating func read(_ text: UTF8Bytes, at index: Int) -> Int {
        if let end = Link.end(in: text, from: index) {
            links += 1
            return end
        }
        if let end = Tag.end(in: text, from: index) {
            if text[index] == 0x40 {
                mentions += 1
            } else if !text[index + 1..<end].allSatisfy(\.isDigit) {
                hashtags += 1
            }
            return end
        }
        if let end = Emoticons.end(in: text, from: index) {
            emoticons += 1
            return end
        }
        if let end = EmojiSequence.endOfShown(in: text, from: index) {
            emoji += 1
            return end
        }
        let (value, length) = text.codePoint(at: index)
        guard value.isWordCharacter else { return readMark(text, at: index, value) ?? index + length }
        let end = WordFinder.endOfWord(in: text, from: index + length)
        readWord(text, index..<end)
        return end
    }

    /// Counts a mark, and returns its end if it has several characters.
    private mutating func readMark(_ text: UTF8Bytes, at index: Int, _ value: UInt32) -> Int? {
        switch value {
        case 0x21, 0xFF01: exclamations += 1  // ! ！
        case 0x3F, 0xFF1F, 0x061F: questions += 1  // ? ？ ؟
        case 0x2026: ellipses += 1  // …
        case 0x2E:
            var end = index + 1
            while end < text.count, text[end] == 0x2E { end += 1 }
            if end - index >= 3 { ellipses += 1 }
            return end
        default: break
        }
        return nil
    }

    private mutating func readWord(_ text: UTF8Bytes, _ word: Range<Int>) {
        words += 1
        if NegationTable.negates(text, word) { negations += 1 }
        if text.isInCapitals(word) { capitals += 1 }
        var run: (value: UInt32, length: Int) = (0, 0)
        var index = word.lowerBound
        while index < word.upperBound {
            let (value, length) = text.codePoint(at: index)
            index += length
            run = value == run.value ? (value, run.length + 1) : (value, 1)
            guard run.length == 3, value.isLetter else { continue }
            elongations += 1
            return
        }
    }
}
