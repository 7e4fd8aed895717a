import CKernels
import ModelFile

/// Layer normalization with a learned gain and offset, each (width).
struct LayerNorm: Sendable {
    private let width: Int
    private let epsilon: Float
    private let gain: Tensor
    private let offset: Tensor

    init(_ file: ModelFile, _ schema: LayerNormSchema) throws(ModelFileError) {
        width = schema.width
        epsilon = schema.epsilon
        gain = try file.tensor(schema.gain)
        offset = try file.tensor(schema.offset)
    }

    /// Computes x = norm(x + residual) in place.
    ///
    /// - Parameters:
    ///   - x: The values, (rows, width).
    ///   - rows: The rows to normalize.
    ///   - residual: The values to add first, if any.
    ///   - workspace: Provides the kernels.
    func callAsFunction(_ x: Matrix, rows: Range<Int>, adding residual: Matrix?, _ workspace: Workspace) {
        let first = rows.lowerBound
        workspace.kernels.pointee.layer_norm(
            x.from(row: first).start, x.stride, residual?.from(row: first).start, residual?.stride ?? 0,
            gain.address(of: Float.self), offset.address(of: Float.self), epsilon, rows.count, width)
    }
}
