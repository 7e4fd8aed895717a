import Text

/// Texts as the numbers of their words, without words that have no number.
struct Sentences: Sendable {
    /// The words of all texts, one text after the other.
    private(set) var words: [Int32] = []
    /// The position of the first word of each text, and the number of words at the end.
    private(set) var starts: [Int] = [0]

    private static let parts = 16

    /// Finds the words of texts.
    ///
    /// - Parameters:
    ///   - texts: The texts.
    ///   - vocabulary: The words, whose positions are their numbers.
    ///   - pipeline: The steps that change a text before it is split.
    init(_ texts: [String], _ vocabulary: WordCounts, _ pipeline: TextPipeline) {
        let numbers = Dictionary(
            uniqueKeysWithValues: vocabulary.words.enumerated().map { ($1.hash, Int32($0)) })
        let scanner = NgramScanner([NgramBlock(.token, 1...1)])
        let parts = inParallel(texts.count, parts: Self.parts) { range in
            var (words, ends): ([Int32], [Int]) = ([], [])
            var (buffer, ngrams) = (TextBuffer(), NgramScanner.Text())
            for text in texts[range] {
                buffer.load(text)
                pipeline.apply(to: &buffer)
                scanner.scan(buffer, into: &ngrams)
                for word in ngrams.occurrences[0] { if let number = numbers[word.hash] { words.append(number) } }
                ends.append(words.count)
            }
            return (words: words, ends: ends)
        }
        for part in parts {
            let offset = words.count
            words += part.words
            starts += part.ends.map { $0 + offset }
        }
    }

    /// The number of texts.
    var count: Int { starts.count - 1 }
}
