import CKernels
import ModelFile

/// The weights of the gates of a cell for its inputs or for its units, in the mapped file.
struct GateMatrix: Sendable {
    let inputs: Int
    let outputs: Int
    private let weight: Tensor
    /// The scales and sums of packed weights, or nil if the weights are floats.
    private let packed: (scale: Tensor, sum: Tensor, k: Int, bits: Int)?

    init(_ file: ModelFile, _ schema: LinearSchema) throws(ModelFileError) {
        (inputs, outputs) = (schema.inputs, schema.outputs)
        weight = try file.tensor(schema.weight)
        packed =
            schema.isQuantized
            ? (
                try file.tensor(schema.scale), try file.tensor(schema.sum), schema.precision.padded(inputs),
                schema.precision.rawValue
            ) : nil
    }

    /// Whether the product reads quantized rows.
    var isQuantized: Bool { packed != nil }

    /// Computes out = x · wᵀ + bias for the first rows of `x`.
    ///
    /// - Parameters:
    ///   - x: The input, (rows, inputs). Packed weights read `quantized` instead.
    ///   - quantized: The quantized form of the input.
    ///   - rows: The number of rows.
    ///   - bias: (outputs padded to 16).
    ///   - out: The output, (rows, outputs padded to 16).
    ///   - kernels: The kernels.
    func multiply(
        _ x: Matrix, _ quantized: QuantizedRows, rows: Int, bias: UnsafePointer<Float>, into out: Matrix,
        _ kernels: UnsafePointer<kernels>
    ) {
        if let packed {
            var weights = kernels_q8_weights(
                data: weight.address(of: Int8.self), scale: packed.scale.address(of: Float.self),
                sum: packed.sum.address(of: Int32.self), bias: bias, n: outputs.roundedUp(to: 16), k: packed.k,
                bits: packed.bits)
            var rows = quantized.rows(0..<rows, width: inputs)
            kernels.pointee.matmul_q8(out.start, out.stride, &rows, &weights, kernels_identity)
        } else {
            kernels.pointee.matmul_f32(
                out.start, out.stride, x.start, x.stride, weight.address(of: Float.self), bias, rows, outputs, inputs)
        }
    }
}

/// A layer of long short-term memory in one direction.
struct Cell: Sendable {
    let input: GateMatrix
    let recurrent: GateMatrix
    let bias: Tensor

    init(_ file: ModelFile, _ schema: RecurrentSchema.Cell) throws(ModelFileError) {
        input = try GateMatrix(file, schema.input)
        recurrent = try GateMatrix(file, schema.recurrent)
        bias = try file.tensor(schema.input.bias)
    }
}
