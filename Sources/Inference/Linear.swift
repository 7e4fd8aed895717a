import CKernels
import ModelFile

/// A linear layer of the encoder: out = x · wᵀ + bias, quantized or float32 as its file has it.
struct Linear: Sendable {
    let inputs: Int
    let outputs: Int
    private let weights: Weights

    private enum Weights: Sendable {
        /// data (paddedOutputs/16, paddedInputs/4 * 64, or with 4 bits /8); scale, sum, bias (paddedOutputs).
        case quantized(Packing, data: Tensor, scale: Tensor, sum: Tensor, bias: Tensor)
        /// weight (outputs, inputs), bias (outputs).
        case float32(weight: Tensor, bias: Tensor)
    }

    /// The layer whose tensors start with `name`.
    init(_ file: ModelFile, _ name: String, inputs: Int, outputs: Int) throws(ModelFileError) {
        self.inputs = inputs
        self.outputs = outputs
        let rows = outputs.roundedUp(to: 16)
        if file.tensor(named: "\(name).weight")?.type == .float32 {
            weights = .float32(
                weight: try file.tensor("\(name).weight", .float32, shape: [outputs, inputs]),
                bias: try file.tensor("\(name).bias", .float32, shape: [outputs]))
        } else {
            let packing: Packing = try file.choice("pinson.packing")
            weights = .quantized(
                packing,
                data: try file.tensor(
                    "\(name).weight", .int8, shape: [rows / 16, packing.padded(inputs) / packing.inputsTogether * 64]),
                scale: try file.tensor("\(name).scale", .float32, shape: [rows]),
                sum: try file.tensor("\(name).sum", .int32, shape: [rows]),
                bias: try file.tensor("\(name).bias", .float32, shape: [rows]))
        }
    }

    /// Whether `callAsFunction` reads the quantized rows of its input, which `Workspace.quantize` makes.
    var isQuantized: Bool {
        if case .quantized = weights { true } else { false }
    }

    /// - Parameters:
    ///   - x: (rows, inputs), of which `workspace` holds the quantized form if this layer wants it.
    ///   - out: (rows, outputs); its padding is overwritten with zeros.
    ///   - columns: which outputs, from a multiple of 16 to a multiple of 16 or the last; nil takes all.
    ///   - activation: what the outputs go through.
    func callAsFunction(
        _ x: Matrix, rows: Int, into out: Matrix, columns: Range<Int>? = nil,
        activation: kernels_activation = kernels_identity, _ workspace: Workspace
    ) {
        let columns = columns ?? 0..<outputs
        let first = columns.lowerBound
        switch weights {
        case .quantized(let packing, let data, let scale, let sum, let bias):
            let k = packing.padded(inputs)
            var packed = kernels_q8_weights(
                data: data.address(of: Int8.self) + first * k * packing.bits / 8,
                scale: scale.address(of: Float.self) + first,
                sum: sum.address(of: Int32.self) + first, bias: bias.address(of: Float.self) + first,
                n: columns.count.roundedUp(to: 16), k: k, bits: packing.bits)
            var quantized = workspace.quantizedRows(0..<rows, width: inputs)
            workspace.kernels.pointee.matmul_q8(out.start + first, out.stride, &quantized, &packed, activation)
        case .float32(let weight, let bias):
            workspace.kernels.pointee.matmul_f32(
                out.start + first, out.stride, x.start, x.stride, weight.address(of: Float.self) + first * inputs,
                bias.address(of: Float.self) + first, rows, columns.count, inputs)
            if activation == kernels_gelu {
                for row in 0..<rows {
                    workspace.kernels.pointee.gelu(out.from(row: row).start + first, columns.count)
                }
            }
        }
    }
}

/// The order in which the weights of a layer lie: so many inputs of sixteen outputs in 64 bytes.
private enum Packing: String {
    case n16k4, n16k8

    var inputsTogether: Int { self == .n16k4 ? 4 : 8 }
    var bits: Int { 32 / inputsTogether }
    func padded(_ inputs: Int) -> Int { inputs.roundedUp(to: inputsTogether) }
}

extension Tensor {
    /// Where the elements start, of which there is at least one: the reader refuses extents of zero.
    func address<T: BitwiseCopyable>(of type: T.Type) -> UnsafePointer<T> {
        elements(as: type).baseAddress.unsafelyUnwrapped
    }
}

extension Int {
    func roundedUp(to multiple: Int) -> Int { (self + multiple - 1) / multiple * multiple }
}
