import CKernels
import ModelFile

/// A linear layer, out = x · wᵀ + bias, with packed integer weights or float32 weights.
struct Linear: Sendable {
    let inputs: Int
    let outputs: Int
    private let weights: Weights

    private enum Weights: Sendable {
        /// Packed weights of `bits` bits with `k` inputs, padding included; scale, sum and bias (rows).
        case quantized(data: Tensor, scale: Tensor, sum: Tensor, bias: Tensor, k: Int, bits: Int)
        /// Weights (outputs, inputs) and bias (outputs).
        case float32(weight: Tensor, bias: Tensor)
    }

    init(_ file: ModelFile, _ schema: LinearSchema) throws(ModelFileError) {
        inputs = schema.inputs
        outputs = schema.outputs
        let weight = try file.tensor(schema.weight)
        let bias = try file.tensor(schema.bias)
        weights =
            schema.isQuantized
            ? .quantized(
                data: weight, scale: try file.tensor(schema.scale), sum: try file.tensor(schema.sum), bias: bias,
                k: schema.precision.padded(inputs), bits: schema.precision.rawValue)
            : .float32(weight: weight, bias: bias)
    }

    /// Whether the layer reads quantized rows, which `QuantizedRows.quantize` must have made before.
    var isQuantized: Bool {
        if case .quantized = weights { true } else { false }
    }

    /// Computes some columns of the product.
    ///
    /// - Parameters:
    ///   - x: The input, (rows, inputs). A quantized layer reads the workspace's quantized form of it.
    ///   - rows: The number of rows.
    ///   - out: The output, (rows, outputs). Its padding is overwritten with zeros.
    ///   - columns: The outputs to compute, from a multiple of 16 to a multiple of 16 or the last one. Nil means all.
    ///   - activation: The function that is applied to the outputs, if any.
    ///   - workspace: Provides the kernels and the quantized rows.
    func callAsFunction(
        _ x: Matrix, rows: Int, into out: Matrix, columns: Range<Int>? = nil,
        activation: TransformerVariant.Activation? = nil, _ workspace: Workspace
    ) {
        let columns = columns ?? 0..<outputs
        let first = columns.lowerBound
        switch weights {
        case .quantized(let data, let scale, let sum, let bias, let k, let bits):
            var packed = kernels_q8_weights(
                data: data.address(of: Int8.self) + first * k * bits / 8,
                scale: scale.address(of: Float.self) + first, sum: sum.address(of: Int32.self) + first,
                bias: bias.address(of: Float.self) + first, n: columns.count.roundedUp(to: 16), k: k, bits: bits)
            var quantized = workspace.quantized.rows(0..<rows, width: inputs)
            workspace.kernels.pointee.matmul_q8(
                out.start + first, out.stride, &quantized, &packed,
                activation == .gelu ? kernels_gelu : kernels_identity)
            guard let activation, activation != .gelu else { return }
            apply(activation, to: out, rows, columns, workspace)
        case .float32(let weight, let bias):
            workspace.kernels.pointee.matmul_f32(
                out.start + first, out.stride, x.start, x.stride, weight.address(of: Float.self) + first * inputs,
                bias.address(of: Float.self) + first, rows, columns.count, inputs)
            if let activation { apply(activation, to: out, rows, columns, workspace) }
        }
    }

    private func apply(
        _ activation: TransformerVariant.Activation, to out: Matrix, _ rows: Int, _ columns: Range<Int>,
        _ workspace: Workspace
    ) {
        for row in 0..<rows {
            let values = out.from(row: row).start + columns.lowerBound
            switch activation {
            case .gelu: workspace.kernels.pointee.gelu(values, columns.count)
            case .geluTanh: workspace.kernels.pointee.gelu_tanh(values, columns.count)
            case .relu: for i in 0..<columns.count { values[i] = max(values[i], 0) }
            }
        }
    }
}

extension Tensor {
    /// The address of the first element.
    ///
    /// There is always one, because the reader rejects extents of zero.
    func address<T: BitwiseCopyable>(of type: T.Type) -> UnsafePointer<T> {
        elements(as: type).baseAddress.unsafelyUnwrapped
    }
}
