public import ModelFile
import Text

/// A sentence encoder: it takes texts and returns vectors of length 1.
///
/// Any transformer can be used as an encoder, also one that has a classification head.
public struct SentenceEncoder: Sendable {
    /// The model's name and its other general facts.
    public let card: ModelCard
    /// The number of dimensions of a vector.
    public var width: Int { transformer.schema.width }
    /// The model's tokenizer.
    public let tokenizer: Tokenizer
    /// The instruction set of the kernels.
    public let instructionSet: InstructionSet
    let pipeline: TextPipeline
    let transformer: Transformer

    /// Opens the encoder in a model file.
    ///
    /// Weights are not read until they are used.
    ///
    /// - Parameters:
    ///   - file: The model file.
    ///   - instructionSet: The instruction set of the kernels. This processor must have it.
    /// - Throws: `ModelFileError` if the model is not a transformer, or a key or a tensor is missing or not valid.
    public init(_ file: ModelFile, instructionSet: InstructionSet = .best) throws(ModelFileError) {
        card = try ModelCard(file)
        guard card.family == TransformerSchema.family else {
            throw .invalid(path: file.path, reason: "the family '\(card.family)' does not make vectors of texts")
        }
        pipeline = try card.pipeline(of: file)
        tokenizer = try Tokenizer(file)
        transformer = try Transformer(file, TransformerSchema(file, card), tokenizer)
        self.instructionSet = instructionSet
    }

    /// Creates a worker, which binds the weights to memory of its own.
    ///
    /// - Parameter tokens: The most tokens in one pass. A pass always has room for the longest text.
    /// - Returns: A worker for one thread at a time.
    public func makeWorker(tokens: Int = 0) -> Worker { Worker(self, tokens: tokens) }

    /// The weights of an encoder together with the memory that a pass writes to.
    ///
    /// A worker is used by one thread at a time.
    public final class Worker {
        private let encoder: SentenceEncoder
        private let workspace: Workspace

        init(_ encoder: SentenceEncoder, tokens: Int) {
            self.encoder = encoder
            workspace = Workspace(
                encoder.transformer.schema, WorkerOptions(tokens: tokens, instructionSet: encoder.instructionSet))
        }

        /// Embeds each text.
        ///
        /// - Parameter texts: The texts.
        /// - Returns: For each text the pooled hidden state, (width), scaled to length 1. All numbers are NaN if the
        ///   length is not finite, as with damaged weights.
        public func embed(_ texts: [String]) -> [[Float]] {
            pool(texts) { row in
                let length = row.reduce(0) { $0 + $1 * $1 }.squareRoot()
                return length.isFinite ? row.map { length > 0 ? $0 / length : 0 } : row.map { _ in .nan }
            }
        }

        /// Computes what the head of a classifier reads.
        ///
        /// - Parameter texts: The texts.
        /// - Returns: For each text the pooled hidden state, (width).
        public func pool(_ texts: [String]) -> [[Float]] { pool(texts) { Array($0) } }

        private func pool(_ texts: [String], _ read: (UnsafeBufferPointer<Float>) -> [Float]) -> [[Float]] {
            var vectors: [[Float]] = []
            vectors.reserveCapacity(texts.count)
            let limit = encoder.card.maxTokens
            let capacity = workspace.capacity
            encoder.tokenizer.forEachBatch(of: texts, encoder.pipeline, limit: limit, capacity: capacity) { batch, _ in
                encoder.transformer.pool(batch, threads: 1, workspace)
                for text in 0..<batch.texts {
                    let pooled = workspace.pooled.from(row: text).start
                    vectors.append(read(UnsafeBufferPointer(start: pooled, count: encoder.width)))
                }
            }
            return vectors
        }
    }
}
