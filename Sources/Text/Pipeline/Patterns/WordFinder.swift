/// Finds the words that steps change one by one.
struct WordFinder: Sendable {
    /// The option of the steps that find words.
    static let spaced = StepOption("spaced", .flag)

    /// Whether a word is everything between white space.
    ///
    /// Otherwise it is a run of word characters with the apostrophes inside it, and links, mentions and hashtags are not
    /// words.
    let isSpaced: Bool

    /// A part of a text.
    enum Part: Equatable {
        case word(Range<Int>)
        /// A link, a mention or a hashtag.
        case other(Range<Int>)
    }

    init(isSpaced: Bool) { self.isSpaced = isSpaced }

    init(_ options: StepOptions) { isSpaced = options.has(Self.spaced.name) }

    /// Returns the first word that begins at `start` or after it, or nil.
    func nextWord(in text: UTF8Bytes, from start: Int) -> Range<Int>? {
        var start = start
        while let part = next(in: text, from: start) {
            switch part {
            case .word(let range): return range
            case .other(let range): start = range.upperBound
            }
        }
        return nil
    }

    /// Returns the first part that begins at `start` or after it, or nil.
    func next(in text: UTF8Bytes, from start: Int) -> Part? {
        guard !isSpaced else {
            let first = text.endOfSpaces(from: start)
            return first < text.count ? .word(first..<text.nextSpace(from: first)) : nil
        }
        var index = start
        while index < text.count {
            if let end = Link.end(in: text, from: index) { return .other(index..<end) }
            if let end = Tag.end(in: text, from: index) { return .other(index..<end) }
            let (value, length) = text.codePoint(at: index)
            if value.isWordCharacter { return .word(index..<Self.endOfWord(in: text, from: index + length)) }
            index += length
        }
        return nil
    }

    /// Returns the end of the word whose first character ends before `index`.
    static func endOfWord(in text: UTF8Bytes, from index: Int) -> Int {
        var index = index
        while index < text.count {
            let (value, length) = text.codePoint(at: index)
            let isInside = value.isWordCharacter || value.isApostrophe && text.wordCharacter(at: index + length) > 0
            guard isInside, Link.endOfPrefix(in: text, from: index, isInsideWord: true) == nil else { break }
            index += length
        }
        return index
    }
}

extension UnsafeBufferPointer<UInt8> {
    /// Calls `body` with a word in lower case of ASCII and with straight apostrophes, as tables of words have it.
    func withKey<Result>(of word: Range<Int>, _ body: (UTF8Bytes) -> Result) -> Result {
        withUnsafeTemporaryAllocation(of: UInt8.self, capacity: word.count) { key in
            var count = 0
            var index = word.lowerBound
            while index < word.upperBound {
                let (value, length) = codePoint(at: index)
                if value.isApostrophe {
                    key[count] = 0x27
                    count += 1
                } else {
                    for offset in 0..<length { key[count + offset] = self[index + offset].lowercased }
                    count += length
                }
                index += length
            }
            return body(UTF8Bytes(rebasing: key[..<count]))
        }
    }

    /// Returns `word` with the white space after it, if white space or the start is before it.
    ///
    /// Without this range, the text has no second space where the word was.
    func removal(of word: Range<Int>) -> Range<Int> {
        isSpaceOrStart(before: word.lowerBound) ? word.lowerBound..<endOfSpaces(from: word.upperBound) : word
    }
}
