import CKernels
import ModelFile

/// The vector of a token at a position: token + position + segment, normalized, and projected to the hidden width.
struct Embeddings: Sendable {
    private let width: Int
    private let tokens: TokenTable
    /// (maxTokens, width).
    ///
    /// The vector of the only segment was added when the model was packed.
    private let positions: Tensor
    private let norm: LayerNorm
    /// Makes hidden states from embeddings of another width.
    private let projection: Linear?

    private enum TokenTable: Sendable {
        /// Weights (vocabulary, width) and scales (vocabulary).
        case int8(weight: Tensor, scale: Tensor)
        /// Weights (vocabulary, width).
        case float32(Tensor)
    }

    init(_ file: ModelFile, _ schema: TransformerSchema) throws(ModelFileError) {
        width = schema.embeddingWidth
        let table = try file.tensor(schema.tokens)
        tokens =
            schema.precision == .float32
            ? .float32(table) : .int8(weight: table, scale: try file.tensor(schema.tokenScales))
        positions = try file.tensor(schema.positions)
        norm = try LayerNorm(file, schema.embeddingsNorm)
        if let projection = schema.projection {
            self.projection = try Linear(file, projection)
        } else {
            projection = nil
        }
    }

    /// Computes the first hidden states of a batch.
    ///
    /// Every thread of the pass calls it. Each has its share of the rows when it returns.
    ///
    /// - Parameters:
    ///   - batch: The tokens.
    ///   - share: The rows and columns of the calling thread.
    ///   - workspace: The memory to write to.
    func callAsFunction(_ batch: Batch, _ share: Share, _ workspace: Workspace) {
        let tokens = batch.ids.count
        let part = share.part(of: tokens)
        guard let projection else { return look(up: batch, part: part, into: workspace.hidden, workspace) }
        let vectors = workspace.context
        look(up: batch, part: part, into: vectors, workspace)
        if projection.isQuantized {
            workspace.quantized.quantize(vectors, rows: part, width: width, workspace.kernels)
        }
        share.join()
        let columns = share.part(of: projection.outputs, step: 16)
        projection(vectors, rows: tokens, into: workspace.hidden, columns: columns, workspace)
        share.join()
    }

    /// Writes the vectors of some tokens, (tokens, width).
    private func look(up batch: Batch, part: Range<Int>, into out: Matrix, _ workspace: Workspace) {
        let kernels = workspace.kernels.pointee
        let positions = positions.address(of: Float.self)
        for text in 0..<batch.texts {
            let rows = batch.rows(of: text)
            for row in rows.clamped(to: part) {
                let id = Int(batch.ids[row])
                let x = out.start + row * out.stride
                let position = positions + (row - rows.lowerBound) * width
                switch tokens {
                case .int8(let weight, let scale):
                    let q = weight.address(of: Int8.self) + id * width
                    kernels.add_scaled(x, q, scale.address(of: Float.self)[id], position, width)
                case .float32(let weight):
                    let token = weight.address(of: Float.self) + id * width
                    for i in 0..<width { x[i] = token[i] + position[i] }
                }
            }
        }
        norm(out, rows: part, adding: nil, workspace)
    }
}
