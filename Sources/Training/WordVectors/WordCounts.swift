public import Text

/// The words of texts, the most frequent ones first.
public struct WordCounts: Sendable {
    /// A word.
    public struct Word: Sendable, Equatable {
        /// The word, as the text pipeline leaves it.
        public let text: String
        /// The hash that ``NgramScanner`` finds for it in its first block.
        public let hash: UInt64
        /// The number of its occurrences.
        public var count: Int
    }

    /// The words.
    ///
    /// The bytes decide the order of words with the same count.
    public let words: [Word]
    /// The number of occurrences of all words, also of those that are too rare to be listed.
    public let total: Int

    private static let parts = 16

    /// Counts the words of texts.
    ///
    /// All cores work, and the result does not depend on their number.
    ///
    /// - Parameters:
    ///   - texts: The texts.
    ///   - pipeline: The steps that change a text before it is split.
    ///   - unit: What a word is; not characters.
    ///   - minimum: The fewest occurrences of a word that is listed.
    public init(of texts: [String], _ pipeline: TextPipeline, _ unit: NgramBlock.Unit = .token, minimum: Int = 1) {
        let scanner = NgramScanner([NgramBlock(unit, 1...1)])
        let parts = inParallel(texts.count, parts: Self.parts) { range in
            var found: [UInt64: Word] = [:]
            var (buffer, ngrams) = (TextBuffer(), NgramScanner.Text())
            for text in texts[range] {
                buffer.load(text)
                pipeline.apply(to: &buffer)
                scanner.scan(buffer, into: &ngrams)
                for word in ngrams.occurrences[0] {
                    found[word.hash, default: Word(ngrams.text(of: word), word.hash)].count += 1
                }
            }
            return found
        }
        var all = parts.first ?? [:]
        for part in parts.dropFirst() {
            for (hash, word) in part { all[hash, default: Word(word.text, hash)].count += word.count }
        }
        total = all.values.reduce(0) { $0 + $1.count }
        words = all.values.filter { $0.count >= minimum }.sorted {
            $0.count != $1.count ? $0.count > $1.count : $0.text.utf8.lexicographicallyPrecedes($1.text.utf8)
        }
    }
}

extension WordCounts.Word {
    fileprivate init(_ text: String, _ hash: UInt64) { self.init(text: text, hash: hash, count: 0) }
}

extension NgramScanner.Text {
    /// The n-gram of an occurrence.
    fileprivate func text(of occurrence: NgramScanner.Occurrence) -> String {
        String(decoding: bytes[Int(occurrence.start)..<Int(occurrence.end)], as: UTF8.self)
    }
}
