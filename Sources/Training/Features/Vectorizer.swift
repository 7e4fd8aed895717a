public import Text

/// Counts the n-grams of texts: one column for each n-gram that is a feature.
///
/// The columns of the other counts, such as exclamation marks, come after them.
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
        /// What is counted besides n-grams, in the text as it was typed.
        public var counts: [TextCount] = []

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
    /// The factor of each of `options.counts`, which makes its standard deviation a tenth; 0 if the count never changes.
    ///
    /// The numbers are then about as large as those of n-grams, so the solver needs fewer steps. Nothing is subtracted,
    /// so a count of 0 stays 0.
    public let countFactors: [Double]
    private let scanner: NgramScanner

    /// The number of columns of n-grams.
    public var ngramColumnCount: Int { vocabularies.reduce(0) { $0 + $1.hashes.count } }

    /// The number of columns.
    public var columnCount: Int { ngramColumnCount + options.counts.count }

    /// The columns of each block of n-grams.
    public var columns: [Range<Int>] {
        var end = 0
        return vocabularies.map {
            let start = end
            end += $0.hashes.count
            return start..<end
        }
    }

    /// For each kind of n-grams whose features are bits of a hash, the estimated share of those that share a feature.
    var collisionRates: [String: Double] {
        let hashed = vocabularies.filter { $0.block.hashBits != nil }
        return Dictionary(hashed.map { ($0.block.description, $0.collisionRate) }) { first, _ in first }
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
            var distinct = options.blocks.map { $0.hashBits.map { _ in DistinctCount() } }
            var moments = options.counts.map { _ in Moments() }
            Self.scan(texts, range, options, scanner) { index, ngrams, counts in
                for (position, count) in options.counts.enumerated() { moments[position].add(counts[count]) }
                for block in ngrams.indices {
                    guard let bits = options.blocks[block].hashBits else {
                        for occurrence in ngrams[block] { counters[block].add(occurrence.hash, text: Int32(index)) }
                        continue
                    }
                    for occurrence in ngrams[block] {
                        distinct[block]?.add(occurrence.hash)
                        counters[block].add(NgramHash.first(bits, of: occurrence.hash), text: Int32(index))
                    }
                }
            }
            return (counters: counters, distinct: distinct, moments: moments)
        }
        self.scanner = scanner
        countFactors = options.counts.indices.map { position in
            let deviation = parts.reduce(into: Moments()) { $0.add($1.moments[position]) }.deviation
            return deviation > 0 ? 0.1 / deviation : 0
        }
        vocabularies = options.blocks.indices.map { block in
            var counter = parts.first?.counters[block] ?? NgramCounter()
            for part in parts.dropFirst() { counter.add(part.counters[block]) }
            if var distinct = parts.first?.distinct[block] {
                for part in parts.dropFirst() { part.distinct[block].map { distinct.add($0) } }
                return NgramVocabulary(
                    options.blocks[block], buckets: counter.ngrams(in: 1...max(1, texts.count)),
                    distinct: distinct.estimate, texts: texts.count)
            }
            let least = options.minimumTexts[block]
            var ngrams = counter.ngrams(in: least...max(least, texts.count))
            if let limit = options.maximumFeatures, ngrams.count > limit {
                let kept = ngrams.sorted { ($0.texts, $1.hash) > ($1.texts, $0.hash) }.prefix(limit)
                ngrams = kept.sorted { $0.hash < $1.hash }
            }
            return NgramVocabulary(options.blocks[block], ngrams, texts: texts.count)
        }
    }

    /// Keeps some of the n-grams of another vectorizer, and all of its other counts.
    ///
    /// - Parameters:
    ///   - other: The other vectorizer.
    ///   - kept: The columns to keep, in ascending order. The last ones are those of the other counts.
    init(_ other: Vectorizer, keeping kept: [Int]) {
        (options, scanner, countFactors) = (other.options, other.scanner, other.countFactors)
        vocabularies = zip(other.vocabularies, other.columns).map { vocabulary, columns in
            NgramVocabulary(
                vocabulary, keeping: kept.filter(columns.contains).map { $0 - columns.lowerBound })
        }
    }

    /// Whether each column means the same as in another vectorizer.
    func hasSameColumns(as other: Vectorizer) -> Bool {
        options == other.options && vocabularies.map(\.hashes) == other.vocabularies.map(\.hashes)
    }

    /// Counts the features of texts.
    ///
    /// - Parameter texts: The texts.
    /// - Returns: A row for each text, in order, with the counts that are not zero.
    public func counts(of texts: [String]) -> SparseMatrix {
        let columns = columns
        let parts = inParallel(texts.count, parts: Self.parts) { range in
            var matrix = SparseMatrix(columnCount: columnCount)
            var features: [Int32] = []
            Self.scan(texts, range, options, scanner) { _, ngrams, counts in
                for (block, vocabulary) in vocabularies.enumerated() {
                    features.removeAll(keepingCapacity: true)
                    for occurrence in ngrams[block] {
                        let feature = vocabulary.feature(of: occurrence.hash)
                        if feature >= 0 { features.append(feature) }
                    }
                    features.sort()
                    matrix.append(counting: features, offset: Int32(columns[block].lowerBound))
                }
                for (position, count) in options.counts.enumerated() where counts[count] > 0 {
                    matrix.append(Float(counts[count]), column: Int32(ngramColumnCount + position))
                }
                matrix.endRow()
            }
            return matrix
        }
        return SparseMatrix(joining: parts, columnCount: columnCount)
    }

    /// Calls `body` with the n-grams of each text of a range, and with the counts if they are needed.
    private static func scan(
        _ texts: [String], _ range: Range<Int>, _ options: Options, _ scanner: NgramScanner,
        _ body: (_ index: Int, _ ngrams: [[NgramScanner.Occurrence]], _ counts: TextCounts) -> Void
    ) {
        var (buffer, ngrams) = (TextBuffer(), NgramScanner.Text())
        for index in range {
            let counts = options.counts.isEmpty ? TextCounts("") : TextCounts(texts[index])
            buffer.load(texts[index])
            options.pipeline.apply(to: &buffer)
            scanner.scan(buffer, into: &ngrams)
            body(index, ngrams.occurrences, counts)
        }
    }
}
