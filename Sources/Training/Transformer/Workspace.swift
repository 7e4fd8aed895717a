import CTraining

/// The memory of one thread for what it needs only for a moment.
final class Workspace: @unchecked Sendable {
    /// Packed rows of a chunk.
    let words: Storage<UInt32>
    /// (rows of a chunk, the widest matrix).
    let wide: Storage<Float>
    /// (rows of a chunk, width), twice.
    let narrow: Storage<Float>
    let other: Storage<Float>
    /// The factors of dropout for the attention of one text.
    let mask: Storage<Float>
    let attention: Storage<Float>

    /// Allocates memory for texts of up to `longest` tokens.
    init(_ shape: EncoderShape, _ arithmetic: Arithmetic, longest: Int) {
        let rows = TextBatch.chunkTokens + longest
        let widest = max(shape.inner, 3 * shape.width)
        words = Storage(arithmetic.rowWords(rows, widest), repeating: 0)
        wide = Storage(rows * widest, repeating: 0)
        narrow = Storage(rows * shape.width, repeating: 0)
        other = Storage(rows * shape.width, repeating: 0)
        mask = Storage(shape.heads * longest * training_padded(longest), repeating: 0)
        attention = Storage(training_attention_scratch(longest, shape.headWidth), repeating: 0)
    }
}
