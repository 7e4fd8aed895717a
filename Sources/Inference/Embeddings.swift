import CKernels
import ModelFile

/// The vector of a token at a position: token + position + segment, normalized.
struct Embeddings: Sendable {
    private let width: Int
    private let tokens: TokenTable
    /// (maxTokens, width): the position's vector, with that of the one segment there is added when packing.
    private let positions: Tensor
    private let norm: LayerNorm

    private enum TokenTable: Sendable {
        /// weight (vocabulary, width), scale (vocabulary): one per row, as a row is what is read.
        case int8(weight: Tensor, scale: Tensor)
        /// (vocabulary, width)
        case float32(Tensor)
    }

    init(_ file: ModelFile, _ shape: Transformer.Shape) throws(ModelFileError) {
        width = shape.width
        let table = [shape.vocabulary, shape.width]
        if file.tensor(named: "embeddings.token.weight")?.type == .float32 {
            tokens = .float32(try file.tensor("embeddings.token.weight", .float32, shape: table))
        } else {
            tokens = .int8(
                weight: try file.tensor("embeddings.token.weight", .int8, shape: table),
                scale: try file.tensor("embeddings.token.scale", .float32, shape: [shape.vocabulary]))
        }
        positions = try file.tensor("embeddings.position.weight", .float32, shape: [shape.maxTokens, shape.width])
        norm = try LayerNorm(file, "embeddings.norm", width: shape.width)
    }

    /// - Parameter part: the rows to compute, of all texts together.
    func callAsFunction(
        _ ids: [Int32], starts: [Int], part: Range<Int>, epsilon: Float, into out: Matrix, _ workspace: Workspace
    ) {
        let kernels = workspace.kernels.pointee
        let positions = positions.address(of: Float.self)
        for text in 0..<starts.count - 1 {
            for row in (starts[text]..<starts[text + 1]).clamped(to: part) {
                let id = Int(ids[row])
                let x = out.start + row * out.stride
                let position = positions + (row - starts[text]) * width
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
        norm(out, rows: part, adding: nil, epsilon: epsilon, workspace)
    }
}

/// Layer normalization with its learned gain and offset, each (width).
struct LayerNorm: Sendable {
    private let width: Int
    private let gain: Tensor
    private let offset: Tensor

    init(_ file: ModelFile, _ name: String, width: Int) throws(ModelFileError) {
        self.width = width
        gain = try file.tensor("\(name).weight", .float32, shape: [width])
        offset = try file.tensor("\(name).bias", .float32, shape: [width])
    }

    /// x = norm(x + residual), in place.
    func callAsFunction(
        _ x: Matrix, rows: Range<Int>, adding residual: Matrix?, epsilon: Float, _ workspace: Workspace
    ) {
        let first = rows.lowerBound
        workspace.kernels.pointee.layer_norm(
            x.from(row: first).start, x.stride, residual?.from(row: first).start, residual?.stride ?? 0,
            gain.address(of: Float.self),
            offset.address(of: Float.self), epsilon, rows.count, width)
    }
}
