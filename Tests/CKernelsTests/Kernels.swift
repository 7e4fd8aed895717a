import CKernels
import Fixtures
import Testing

/// The kernels of one instruction set, with Swift arrays as arguments.
struct Kernels: CustomTestStringConvertible, Sendable {
    let name: String
    private var table: UnsafePointer<kernels> { kernels_named(name).unsafelyUnwrapped }

    /// Returns nil if this CPU lacks the instruction set.
    init?(_ name: String) {
        guard kernels_named(name) != nil else { return nil }
        self.name = name
    }

    var testDescription: String { name }

    static let reference = Kernels("baseline").unsafelyUnwrapped  // Every CPU runs the reference.

    /// The kernels that run on this CPU, except the reference.
    static var fast: [Kernels] {
        var names: [String] = []
        while let name = kernels_name(names.count) { names.append(String(cString: name)) }
        return names.filter { $0 != reference.name }.compactMap { Kernels($0) }
    }

    /// The memory of `kernels_q8_rows`.
    struct Rows: Equatable {
        var q: [UInt8]
        var scale: [Float]
        var zero: [Int32]
        var k: Int
        var stride: Int { (k + 7) / 8 * 8 }
        var m: Int { scale.count }
    }

    func quantize(_ x: [Float], m: Int, k: Int) -> Rows {
        var rows = Rows(q: [], scale: Array(repeating: 0, count: m), zero: Array(repeating: 0, count: m), k: k)
        rows.q = Array(repeating: 0, count: m * rows.stride)
        withRows(&rows) { table.pointee.quantize_rows($0, x, k, k) }
        return rows
    }

    /// The memory of `kernels_q8_weights`, before packing.
    struct Weights {
        /// The values in row-major order, (n, k).
        var values: [Int8]
        var scale: [Float]
        var bias: [Float]
        var n: Int
        var k: Int
        var bits: Int

        /// Fills the weights with `value`, which returns any value for 8 bits and a multiple of 16 for 4 bits.
        init(n: Int, k: Int, bits: Int = 8, scale: [Float], bias: [Float], _ value: () -> Int8) {
            (self.n, self.k, self.bits, self.scale, self.bias) = (n, k, bits, scale, bias)
            values = (0..<n * k).map { _ in value() }
        }

        /// The values in the order that `kernels_q8_weights` documents.
        var packed: [Int8] {
            var data = [Int8](repeating: 0, count: n * k * bits / 8)
            if bits == 4 {
                for (index, value) in values.enumerated() {
                    let (row, column) = (index / k, index % k)
                    let byte = row / 16 * 8 * k + column / 8 * 64 + row % 16 * 4 + column % 4
                    data[byte] |= column % 8 < 4 ? value >> 4 & 15 : value
                }
                return data
            }
            for row in 0..<n {
                for column in 0..<k {
                    data[row / 16 * 16 * k + column / 4 * 64 + row % 16 * 4 + column % 4] = values[row * k + column]
                }
            }
            return data
        }

        var sums: [Int32] { (0..<n).map { row in values[row * k..<(row + 1) * k].reduce(0) { $0 + Int32($1) } } }
    }

    func matmul(_ rows: Rows, _ weights: Weights, _ activation: kernels_activation = kernels_identity) -> [Float] {
        var rows = rows
        var out = [Float](repeating: .nan, count: rows.m * weights.n)
        let (data, sums) = (weights.packed, weights.sums)
        withRows(&rows) { rows in
            data.withUnsafeBufferPointer { data in
                weights.scale.withUnsafeBufferPointer { scale in
                    sums.withUnsafeBufferPointer { sum in
                        weights.bias.withUnsafeBufferPointer { bias in
                            var packed = kernels_q8_weights(
                                data: data.baseAddress.unsafelyUnwrapped, scale: scale.baseAddress.unsafelyUnwrapped,
                                sum: sum.baseAddress.unsafelyUnwrapped, bias: bias.baseAddress.unsafelyUnwrapped,
                                n: weights.n, k: weights.k, bits: weights.bits)
                            table.pointee.matmul_q8(&out, weights.n, rows, &packed, activation)
                        }
                    }
                }
            }
        }
        return out
    }

    func matmul(_ x: [Float], _ w: [Float], bias: [Float], m: Int, n: Int, k: Int) -> [Float] {
        var out = [Float](repeating: .nan, count: m * n)
        table.pointee.matmul_f32(&out, n, x, k, w, bias, m, n, k)
        return out
    }

    func layerNorm(_ x: [Float], adding residual: [Float]?, gain: [Float], offset: [Float], epsilon: Float, width: Int)
        -> [Float]
    {
        var x = x
        let m = x.count / width
        if let residual {
            table.pointee.layer_norm(&x, width, residual, width, gain, offset, epsilon, m, width)
        } else {
            table.pointee.layer_norm(&x, width, nil, 0, gain, offset, epsilon, m, width)
        }
        return x
    }

    func gelu(_ x: [Float]) -> [Float] {
        var x = x
        table.pointee.gelu(&x, x.count)
        return x
    }

    func geluTanh(_ x: [Float]) -> [Float] {
        var x = x
        table.pointee.gelu_tanh(&x, x.count)
        return x
    }

    /// The shapes are q (queries, heads, headDim), k, v (tokens, heads, headDim), and bias (heads, 2 · tokens - 1).
    func attention(q: [Float], k: [Float], v: [Float], heads: Int, headDim: Int, bias: [Float]? = nil) -> [Float] {
        let width = heads * headDim
        var out = [Float](repeating: .nan, count: q.count)
        var scratch = [Float](repeating: .nan, count: kernels_attention_scratch(k.count / width, headDim))
        let (tokens, queries) = (k.count / width, q.count / width)
        func attend(_ bias: UnsafePointer<Float>?) {
            table.pointee.attention(
                &out, width, q, width, k, v, width, tokens, queries, heads, headDim, bias, 2 * tokens - 1, &scratch)
        }
        guard let bias else {
            attend(nil)
            return out
        }
        bias.withUnsafeBufferPointer { attend($0.baseAddress.unsafelyUnwrapped + tokens - 1) }
        return out
    }

    func addScaled(_ q: [Int8], scale: Float, _ x: [Float]) -> [Float] {
        var out = [Float](repeating: .nan, count: q.count)
        table.pointee.add_scaled(&out, q, scale, x, q.count)
        return out
    }

    /// A step of LSTM from the states c, (m, units): the outputs and the new states.
    func lstm(c: [Float], z: [Float], r: [Float]?, units: Int) -> [[Float]] {
        var (h, c) = (c, c)
        let m = c.count / units
        table.pointee.lstm(&h, &c, z, r, z.count / m, m, units)
        return [h, c]
    }

    private func withRows(_ rows: inout Rows, _ body: (UnsafePointer<kernels_q8_rows>) -> Void) {
        let (m, stride) = (rows.m, rows.stride)
        rows.q.withUnsafeMutableBufferPointer { q in
            rows.scale.withUnsafeMutableBufferPointer { scale in
                rows.zero.withUnsafeMutableBufferPointer { zero in
                    var raw = kernels_q8_rows(
                        q: q.baseAddress.unsafelyUnwrapped, scale: scale.baseAddress.unsafelyUnwrapped,
                        zero: zero.baseAddress.unsafelyUnwrapped, m: m, stride: stride)
                    body(&raw)
                }
            }
        }
    }
}
