public import Text

/// Counts the n-grams of texts, one column for each n-gram that is a feature.
public struct Vectorizer: Sendable {
    /// Which n-grams are features.
    public struct Options: Sendable, Equatable {
        /// The steps that change a text before it is split.
        public var pipeline: TextPipeline
        /// The blocks of n-grams.
        public var blocks: [NgramBlock]
        /// The fewest texts that a feature of each block occurs in.
        public var minimumTexts: [Int]
        /// The most features of a block, or nil for all.
        ///
        /// Those that occur in the most texts are kept.
        public var maximumFeatures: Int?

        /// Creates options.
        ///
        /// - Parameters:
        ///   - pipeline: The steps that change a text before it is split.
        ///   - blocks: The blocks of n-grams.
        public init(_ pipeline: TextPipeline, blocks: [NgramBlock]) {
            self.pipeline = pipeline
            self.blocks = blocks
            minimumTexts = blocks.map { $0.unit == .character ? 3 : 2 }
        }
    }

    /// The choices that were made.
    public let options: Options
    /// The features of each block.
    public let vocabularies: [NgramVocabulary]
    private let scanner: NgramScanner

    /// The number of columns.
    public var columnCount: Int { vocabularies.reduce(0) { $0 + $1.hashes.count } }

    /// The columns of each block.
    public var columns: [Range<Int>] {
        var end = 0
        return vocabularies.map {
            let start = end
            end += $0.hashes.count
            return start..<end
        }
    }

    private static let parts = 16

    /// Chooses the features from texts.
    ///
    /// All cores work, and the result does not depend on their number.
    ///
    /// - Parameters:
    ///   - texts: The texts.
    ///   - options: Which n-grams are features.
    /// - Complexity: O(number of n-grams of all texts).
    public init(fitting texts: [String], _ options: Options) {
        self.options = options
        let scanner = NgramScanner(options.blocks)
        let parts = inParallel(texts.count, parts: Self.parts) { range in
            var counters = options.blocks.map { _ in NgramCounter() }
            Self.scan(texts, range, options.pipeline, scanner) { index, ngrams in
                for block in ngrams.indices {
                    for occurrence in ngrams[block] { counters[block].add(occurrence.hash, text: Int32(index)) }
                }
            }
            return counters
        }
        self.scanner = scanner
        vocabularies = options.blocks.indices.map { block in
            var counter = parts.first?[block] ?? NgramCounter()
            for part in parts.dropFirst() { counter.add(part[block]) }
            let least = options.minimumTexts[block]
            var ngrams = counter.ngrams(in: least...max(least, texts.count))
            if let limit = options.maximumFeatures, ngrams.count > limit {
                let kept = ngrams.sorted { ($0.texts, $1.hash) > ($1.texts, $0.hash) }.prefix(limit)
                ngrams = kept.sorted { $0.hash < $1.hash }
            }
            return NgramVocabulary(options.blocks[block], ngrams, texts: texts.count)
        }
    }

    /// Counts the features of texts.
    ///
    /// - Parameter texts: The texts.
    /// - Returns: A row for each text, in order, with the count of each feature that occurs.
    public func counts(of texts: [String]) -> SparseMatrix {
        let columns = columns
        let parts = inParallel(texts.count, parts: Self.parts) { range in
            var matrix = SparseMatrix(columnCount: columnCount)
            var features: [Int32] = []
            Self.scan(texts, range, options.pipeline, scanner) { _, ngrams in
                for (block, vocabulary) in vocabularies.enumerated() {
                    features.removeAll(keepingCapacity: true)
                    for occurrence in ngrams[block] {
                        let feature = vocabulary.feature(of: occurrence.hash)
                        if feature >= 0 { features.append(feature) }
                    }
                    features.sort()
                    matrix.append(counting: features, offset: Int32(columns[block].lowerBound))
                }
                matrix.endRow()
            }
            return matrix
        }
        return SparseMatrix(joining: parts, columnCount: columnCount)
    }

    /// Calls `body` with the n-grams of each text of a range.
    private static func scan(
        _ texts: [String], _ range: Range<Int>, _ pipeline: TextPipeline, _ scanner: NgramScanner,
        _ body: (_ index: Int, _ ngrams: [[NgramScanner.Occurrence]]) -> Void
    ) {
        var (buffer, ngrams) = (TextBuffer(), NgramScanner.Text())
        for index in range {
            buffer.load(texts[index])
            pipeline.apply(to: &buffer)
            scanner.scan(buffer, into: &ngrams)
            body(index, ngrams.occurrences)
        }
    }
}
