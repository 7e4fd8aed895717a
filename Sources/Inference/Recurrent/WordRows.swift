import ModelFile
import Text

/// Turns a text into the rows of the vectors of its words.
struct WordRows {
    private let pipeline: TextPipeline
    private let splitter: Splitter
    private let table: NgramTable
    private let reading: RecurrentReading
    private let limit: Int

    private enum Splitter {
        case scanner(NgramScanner)
        case separators(SeparatedWords)
    }

    /// The memory that the reading of one text writes to.
    struct Buffers {
        var text = TextBuffer()
        var words = NgramScanner.Text()
        var separated = SeparatedWords.Memory()
    }

    /// What was read of a text.
    struct Found {
        /// The rows, with padding.
        var rows: [Int32]
        /// The number of words that were read.
        var words: Int
        /// The number of these that are not known.
        var unknown: Int
        var isTruncated: Bool
    }

    init(_ file: ModelFile, _ card: ModelCard, _ schema: RecurrentSchema) throws(ModelFileError) {
        pipeline = try card.pipeline(of: file)
        table = try NgramTable(file, schema.table)
        (reading, limit) = (schema.reading, card.maxTokens)
        if reading.separators.isEmpty {
            guard let unit = NgramBlock.Unit(rawValue: reading.words), unit != .character else {
                throw .invalid(path: file.path, reason: "this build does not know the words '\(reading.words)'")
            }
            splitter = .scanner(NgramScanner([NgramBlock(unit, 1...1)]))
        } else {
            splitter = .separators(SeparatedWords(reading.separators))
        }
    }

    func read(_ text: String, _ buffers: inout Buffers) -> Found {
        buffers.text.load(text)
        pipeline.apply(to: &buffers.text)
        let find = table.lookup
        var found = Found(rows: [], words: 0, unknown: 0, isTruncated: false)
        let (skips, keepsFirst) = (reading.unknown == .skip, reading.kept == .first)
        func add(_ hash: UInt64) {
            let word = find(hash)
            guard word >= 0 || !skips else { return found.unknown += 1 }
            guard !keepsFirst || found.rows.count < limit else { return found.isTruncated = true }
            found.rows.append(word < 0 ? 1 : Int32(RecurrentSchema.firstWord + word))
        }
        switch splitter {
        case .scanner(let scanner):
            scanner.scan(buffers.text, into: &buffers.words)
            for occurrence in buffers.words.occurrences[0] { add(occurrence.hash) }
        case .separators(let words): words.forEachWord(in: buffers.text, &buffers.separated, add)
        }
        if found.rows.count > limit {
            found.rows.removeFirst(found.rows.count - limit)
            found.isTruncated = true
        }
        found.unknown += found.rows.count { $0 == 1 }
        found.words = found.rows.count + (skips ? found.unknown : 0)
        pad(&found.rows)
        return found
    }

    private func pad(_ rows: inout [Int32]) {
        let missing = repeatElement(Int32(0), count: limit - rows.count)
        switch reading.padding {
        case .none: break
        case .before: rows.insert(contentsOf: missing, at: 0)
        case .after: rows += missing
        }
    }
}
