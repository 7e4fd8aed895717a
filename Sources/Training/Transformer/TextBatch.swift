/// Texts that pass through the model together, one behind the other, without padding.
struct TextBatch {
    /// Neighbouring texts that one thread computes.
    ///
    /// The division depends on the texts alone, so sums over chunks have the same order on every machine.
    struct Chunk {
        /// The numbers of the texts in the batch.
        var texts: Range<Int>
        /// The tokens of these texts.
        var rows: Range<Int>
    }

    /// A chunk ends with the text that brings it to this number of tokens.
    static let chunkTokens = 128

    /// The ids of all tokens.
    private(set) var ids: [Int32] = []
    /// The first token of each text, and the number of tokens at the end.
    private(set) var starts = [0]
    private(set) var chunks: [Chunk] = []
    /// The number of each text in its step, which chooses what is dropped.
    let numbers: [UInt32]
    /// The position of each text's attention weights, and the number of all of them at the end.
    private(set) var squares = [0]

    /// Puts texts one behind the other.
    ///
    /// - Parameters:
    ///   - texts: The ids of each text, at least one.
    ///   - firstNumber: The number of the first text in its step.
    ///   - heads: The number of attention heads.
    init(_ texts: some Collection<[Int32]>, firstNumber: Int = 0, heads: Int) {
        numbers = texts.indices.enumerated().map { UInt32(firstNumber + $0.offset) }
        var (firstText, firstRow) = (0, 0)
        for text in texts {
            ids += text
            starts.append(ids.count)
            let padded = (text.count + 15) / 16 * 16
            squares.append((squares.last ?? 0) + heads * text.count * padded)
            if ids.count - firstRow >= Self.chunkTokens || starts.count - 1 == texts.count {
                chunks.append(Chunk(texts: firstText..<starts.count - 1, rows: firstRow..<ids.count))
                (firstText, firstRow) = (starts.count - 1, ids.count)
            }
        }
    }

    /// The number of texts.
    var count: Int { starts.count - 1 }

    /// The number of tokens.
    var tokens: Int { ids.count }

    /// The tokens of a text.
    func rows(of text: Int) -> Range<Int> { starts[text]..<starts[text + 1] }

    /// The largest number of tokens in a text.
    var longest: Int { (0..<count).map { rows(of: $0).count }.max() ?? 0 }
}
