import ModelFile
import Text

/// Finds the features of a text: it applies the text pipeline, finds the n-grams, and looks them up in the mapped file.
struct NgramFeatures {
    private let pipeline: TextPipeline
    private let scanner: NgramScanner
    /// The features of each block of n-grams.
    let tables: [NgramTable]

    init(
        _ file: ModelFile, _ pipeline: TextPipeline, blocks: [String], _ schemas: [NgramTableSchema],
        stopWords: [String] = []
    ) throws(ModelFileError) {
        self.pipeline = pipeline
        var known: [NgramBlock] = []
        for text in blocks {
            guard let block = NgramBlock(text) else {
                throw .invalid(path: file.path, reason: "this build does not know the n-grams '\(text)'")
            }
            known.append(block)
        }
        var tables: [NgramTable] = []
        for schema in schemas { tables.append(try NgramTable(file, schema)) }
        scanner = NgramScanner(known, stopWords: stopWords)
        self.tables = tables
    }

    /// The memory that the scoring of one text writes to.
    final class Buffers {
        var text = TextBuffer()
        var ngrams = NgramScanner.Text()
        var counts = FeatureCounts()

        /// The number of n-grams of the first block in the text that was scanned last.
        var tokens: Int { ngrams.occurrences[0].count }
    }

    /// Finds the n-grams of a text.
    func scan(_ text: String, _ buffers: Buffers) {
        buffers.text.load(text)
        pipeline.apply(to: &buffers.text)
        scanner.scan(buffers.text, into: &buffers.ngrams)
    }

    /// Counts the features of a block in the text that was scanned last.
    func count(_ block: Int, _ buffers: Buffers) {
        buffers.counts.count(buffers.ngrams.occurrences[block], in: tables[block])
    }

    /// The n-gram of each feature of a block in the text that was scanned last.
    func texts(_ block: Int, _ buffers: Buffers) -> [Int: String] {
        var texts: [Int: String] = [:]
        let find = tables[block].lookup
        for occurrence in buffers.ngrams.occurrences[block] {
            let feature = find(occurrence.hash)
            guard feature >= 0, texts[feature] == nil else { continue }
            let bytes = buffers.ngrams.bytes[Int(occurrence.start)..<Int(occurrence.end)]
            texts[feature] = String(decoding: bytes, as: UTF8.self)
        }
        return texts
    }

    /// A made-up text of some words, as a benchmark uses it.
    static func sample(words: Int) -> String {
        (0..<words).map { "w\($0 * 7919 % 1000)" }.joined(separator: " ")
    }
}
