/// Splits a text into words, which are ranges of its bytes.
///
/// The rules give what Python's `re.findall` gives for their pattern, in which `\w` is a letter, a number or an
/// underscore. Marks such as the vowel signs of Hindi are not word characters there.
public struct WordSplitter: Sendable, Equatable {
    /// What a word is.
    public enum Rule: String, Sendable, CaseIterable {
        /// Two or more word characters, as scikit-learn's vectorizers have it by default: `(?u)\b\w\w+\b`.
        case word
        /// One or more word characters: `(?u)\b\w+\b`.
        case anyword
        /// Mentions, links, words with their apostrophes, and everything else between white space:
        /// `@\w+|https?://\S+|[\w'’]+|[^\w\s]+`. The text is expected in lower case.
        case tweet
    }

    /// What a word is.
    public let rule: Rule

    /// Creates a splitter.
    public init(_ rule: Rule) { self.rule = rule }

    /// Calls `body` with the range of each word, from left to right.
    ///
    /// - Parameters:
    ///   - text: UTF-8. A byte that is not part of a valid encoding counts as a character that is not in a word.
    ///   - body: receives the range of a word.
    /// - Complexity: O(bytes of `text`); allocates nothing.
    public func forEachWord(in text: UnsafeBufferPointer<UInt8>, _ body: (Range<Int>) -> Void) {
        switch rule {
        case .word: forEachRun(in: text, ofAtLeast: 2, body)
        case .anyword: forEachRun(in: text, ofAtLeast: 1, body)
        case .tweet: forEachToken(in: text, body)
        }
    }

    /// Calls `body` with each run of word characters that has one, or two, or more of them.
    @inline(__always)
    private func forEachRun(in text: UTF8Bytes, ofAtLeast least: Int, _ body: (Range<Int>) -> Void) {
        var index = 0
        while index < text.count {
            let first = text.codePoint(at: index)
            let start = index
            index += first.length
            guard first.value.isWordCharacter else { continue }
            let second = index
            index = text.endOfWordCharacters(from: second)
            if index > second || least == 1 { body(start..<index) }
        }
    }

    @inline(__always)
    private func forEachToken(in text: UTF8Bytes, _ body: (Range<Int>) -> Void) {
        var index = 0
        while index < text.count {
            let (value, length) = text.codePoint(at: index)
            if value.isSpace {
                index += length
                continue
            }
            let end: Int
            if value == 0x40, text.wordCharacter(at: index + 1) > 0 {
                end = text.endOfWordCharacters(from: index + 1)
            } else if value == 0x68, let link = endOfLink(in: text, from: index) {
                end = link
            } else if isPartOfWord(value) {
                end = endOfRun(in: text, from: index + length) { isPartOfWord($0) }
            } else {
                end = endOfRun(in: text, from: index + length) { !$0.isWordCharacter && !$0.isSpace }
            }
            body(index..<end)
            index = end
        }
    }

    @inline(__always)
    private func isPartOfWord(_ value: UInt32) -> Bool { value.isWordCharacter || value == 0x27 || value == 0x2019 }

    /// Returns the end of the code points from `index` on that `isIncluded` accepts.
    @inline(__always)
    private func endOfRun(in text: UTF8Bytes, from index: Int, _ isIncluded: (UInt32) -> Bool) -> Int {
        var index = index
        while index < text.count, case (let value, let length) = text.codePoint(at: index), isIncluded(value) {
            index += length
        }
        return index
    }

    /// Returns the end of the link that begins at `index`, where an `h` stands, or nil.
    private func endOfLink(in text: UTF8Bytes, from index: Int) -> Int? {
        var start = index
        for byte in "http".utf8 {
            guard start < text.count, text[start] == byte else { return nil }
            start += 1
        }
        if start < text.count, text[start] == 0x73 { start += 1 }
        guard start + 3 < text.count, text[start] == 0x3A, text[start + 1] == 0x2F, text[start + 2] == 0x2F,
            !text.codePoint(at: start + 3).value.isSpace
        else { return nil }
        return text.nextSpace(from: start + 3)
    }
}
