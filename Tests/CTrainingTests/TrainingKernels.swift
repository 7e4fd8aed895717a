import CTraining
import Fixtures
import Testing

/// The kernels of one instruction set, with Swift arrays as arguments.
struct TrainingKernels: CustomTestStringConvertible, Sendable {
    let name: String
    var table: training_kernels { training_kernels_named(name).unsafelyUnwrapped.pointee }
    var testDescription: String { name }

    /// Returns nil if this CPU lacks the instruction set.
    init?(_ name: String) {
        guard training_kernels_named(name) != nil else { return nil }
        self.name = name
    }

    // Every CPU runs the references.
    static let reference = TrainingKernels("baseline").unsafelyUnwrapped
    static let half = TrainingKernels("baseline-bf16").unsafelyUnwrapped

    /// All sets that run on this CPU.
    static var all: [TrainingKernels] {
        var names: [String] = []
        while let name = training_kernels_name(names.count) { names.append(String(cString: name)) }
        return names.compactMap { TrainingKernels($0) }
    }

    /// Those that have the bits of the reference: float32, with fused multiply-add.
    static var exact: [TrainingKernels] {
        all.filter { !$0.name.hasSuffix("bf16") && $0.name != "sse41" && $0.name != "baseline" }
    }

    var isHalf: Bool { table.per_word == 2 }

    /// The three products that training needs.
    enum Product: CaseIterable {
        /// x (m, k), w (n, k): x wᵀ
        case forward
        /// x (m, k), w (k, n): x w
        case backward
        /// x (k, m), w (k, n): xᵀ w
        case weights
    }

    func multiply(
        _ product: Product, _ x: [Float], _ w: [Float], bias: [Float]? = nil, start: [Float]? = nil, m: Int, n: Int,
        k: Int
    ) -> [Float] {
        let words = (k + table.per_word - 1) / table.per_word
        var left = [UInt32](repeating: .max, count: (m + 47) / 48 * 48 * words)
        var right = [UInt32](repeating: .max, count: (n + 47) / 48 * 48 * words)
        switch product {
        case .forward:
            table.pack_rows(&left, x, k, m, k)
            table.pack_transposed(&right, w, k, k, n)
        case .backward:
            table.pack_rows(&left, x, k, m, k)
            table.pack_columns(&right, w, n, k, n)
        case .weights:
            table.pack_columns(&left, x, m, k, m)
            table.pack_columns(&right, w, n, k, n)
        }
        var out = start ?? [Float](repeating: .nan, count: m * n)
        let form = product == .weights ? training_left_columns : training_left_rows
        table.multiply(&out, n, left, form, right, bias, start == nil ? 0 : 1, m, n, k)
        return out
    }

    /// The change of x and the table after a step of word2vec with six of the nine rows of the table.
    func sample(_ x: [Float], _ table: [Float]) -> [[Float]] {
        var (change, table) = ([Float](repeating: 0.25, count: x.count), table)
        let logistic = (0..<Int(training_logistic_count)).map { Float($0) / Float(training_logistic_count) }
        self.table.sample(&change, &table, x, [3, 0, 8, 3, 5, 0], 6, logistic, 0.025, x.count)
        return [change, table]
    }

    /// The attention of one text, and its gradient for the gradient `dy` of the output.
    func attention(_ qkv: [Float], mask: [Float]?, dy: [Float], heads: Int, headDim: Int) -> [[Float]] {
        let width = heads * headDim
        let tokens = dy.count / width
        let columns = training_padded(tokens)
        var out = [Float](repeating: .nan, count: tokens * width)
        var p = [Float](repeating: .nan, count: heads * tokens * columns)
        var gradient = [Float](repeating: .nan, count: qkv.count)
        var scratch = [Float](repeating: .nan, count: training_attention_scratch(tokens, headDim))
        table.attention(&out, width, &p, mask, qkv, 3 * width, tokens, heads, headDim, &scratch)
        table.attention_backward(
            &gradient, dy, width, p, mask, qkv, 3 * width, tokens, heads, headDim, &scratch)
        return [out, p, gradient]
    }

    func layerNorm(_ x: [Float], gain: [Float], offset: [Float], dy: [Float]) -> [[Float]] {
        let (width, m) = (gain.count, x.count / gain.count)
        var (out, unit, dx) = (x, x, x)
        var spread = [Float](repeating: 0, count: m)
        var (dGain, dOffset) = (gain, offset)
        table.layer_norm(&out, &unit, &spread, x, gain, offset, 1e-12, m, width)
        table.layer_norm_backward(&dx, &dGain, &dOffset, dy, unit, spread, gain, m, width)
        return [out, unit, spread, dx, dGain, dOffset]
    }

    /// A step of LSTM and its gradient: h, c, tanh(c), the gates, the gradients of the sums and of c before.
    func lstm(_ sums: [Float], before: [Float]?, dh: [Float], dc: [Float], units: Int) -> [[Float]] {
        let m = dh.count / units
        var (h, c, bent, gates, dc) = (dh, dh, dh, sums, dc)
        table.lstm(&h, &c, &bent, &gates, before, m, units)
        var gradient = gates
        table.lstm_backward(&gradient, &dc, dh, bent, before, m, units)
        return [h, c, bent, gates, gradient, dc]
    }

    func gelu(_ x: [Float]) -> [Float] {
        var out = x
        table.gelu(&out, x, x.count)
        return out
    }

    func geluBackward(_ x: [Float], dy: [Float]) -> [Float] {
        var dy = dy
        table.gelu_backward(&dy, x, x.count)
        return dy
    }

    func drop(_ x: [Float], _ dropout: training_dropout) -> [Float] {
        var (x, dropout) = (x, dropout)
        table.drop(&x, x.count, &dropout)
        return x
    }

    func adamw(_ x: [Float], _ g: [Float]?, _ steps: [training_step]) -> [[Float]] {
        var x = x
        var (m, v) = (x.map { $0 / 8 }, x.map { $0 * $0 / 16 })
        table.adamw(&x, &m, &v, g, 0.5, [0.9, 0.1, 0.999, 0.001], 1e-8, steps, steps.count, x.count)
        return [x, m, v]
    }
}
