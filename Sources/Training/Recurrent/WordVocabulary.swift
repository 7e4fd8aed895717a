public import Text

/// The words that a model has vectors for, and the rows of their vectors.
///
/// Row 0 belongs to padding, which our own training does not use, and row 1 to all words that are not known. The known
/// words follow in the order of their hashes.
public struct WordVocabulary: Sendable {
    /// The row of words that are not known.
    public static let unknown: Int32 = 1
    /// The row of the first known word.
    public static let first: Int32 = 2

    /// The steps that change a text before it is split.
    public let pipeline: TextPipeline
    /// What a word is; the block has the length 1.
    public let block: NgramBlock
    private let known: NgramVocabulary
    private static let parts = 16

    /// The hash of each known word, in ascending order.
    public var hashes: [UInt64] { known.hashes }
    /// The number of rows.
    public var rows: Int { Int(Self.first) + hashes.count }

    /// Takes the words of texts that occur most often.
    ///
    /// - Parameters:
    ///   - texts: The texts.
    ///   - pipeline: The steps that change a text before it is split.
    ///   - unit: What a word is.
    ///   - minimumTexts: The fewest texts that a word must occur in.
    ///   - limit: The most words.
    ///   - vectors: Words are left out if they have no vector here. Nil leaves out none.
    public init(
        of texts: [String], _ pipeline: TextPipeline, _ unit: NgramBlock.Unit, minimumTexts: Int, limit: Int,
        having vectors: PretrainedVectors? = nil
    ) {
        (self.pipeline, block) = (pipeline, NgramBlock(unit, 1...1))
        let parts = inParallel(texts.count, parts: Self.parts) { [block] range in
            var counter = NgramCounter()
            Self.scan(texts, range, pipeline, block) { index, word in counter.add(word, text: Int32(index)) }
            return counter
        }
        let counter = parts.reduce(into: NgramCounter()) { $0.add($1) }
        let words = counter.ngrams(in: minimumTexts...max(minimumTexts, texts.count)).filter { word in
            vectors.map { $0.range(of: word.hash) != nil } ?? true
        }
        let kept = words.sorted { ($1.texts, $0.hash) < ($0.texts, $1.hash) }.prefix(limit).sorted { $0.hash < $1.hash }
        known = NgramVocabulary(block, kept, texts: texts.count)
    }

    /// The row of a known word, or nil.
    ///
    /// - Parameter word: The word as the text pipeline leaves it.
    /// - Returns: The row.
    public func row(of word: String) -> Int? {
        let feature = known.feature(of: block.hash(of: word, inBlock: 0))
        return feature < 0 ? nil : Int(Self.first + feature)
    }

    /// The rows of the words of each text.
    ///
    /// - Parameters:
    ///   - texts: The texts.
    ///   - maxTokens: The most words of a text that are read.
    /// - Returns: The rows, one text after the other.
    public func rows(of texts: [String], maxTokens: Int) -> [[Int32]] {
        inParallel(texts.count, parts: Self.parts) { range in
            var rows = [[Int32]](repeating: [], count: range.count)
            Self.scan(texts, range, pipeline, block) { index, word in
                guard rows[index - range.lowerBound].count < maxTokens else { return }
                let feature = known.feature(of: word)
                rows[index - range.lowerBound].append(feature < 0 ? Self.unknown : Self.first + feature)
            }
            return rows
        }.flatMap(\.self)
    }

    /// Calls `body` with the hash of each word of each text of a range.
    private static func scan(
        _ texts: [String], _ range: Range<Int>, _ pipeline: TextPipeline, _ block: NgramBlock,
        _ body: (_ index: Int, _ word: UInt64) -> Void
    ) {
        let scanner = NgramScanner([block])
        var (buffer, found) = (TextBuffer(), NgramScanner.Text())
        for index in range {
            buffer.load(texts[index])
            pipeline.apply(to: &buffer)
            scanner.scan(buffer, into: &found)
            for occurrence in found.occurrences[0] { body(index, occurrence.hash) }
        }
    }
}
