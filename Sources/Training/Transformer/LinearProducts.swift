import CTraining

/// The three products of a linear layer, on one thread: forward, and the gradients of its input and its weights.
final class LinearProducts {
    private let arithmetic: Arithmetic
    /// Packed factors of a product.
    private var words: [Storage<UInt32>] = []
    private var largest = 0

    init(_ arithmetic: Arithmetic) { self.arithmetic = arithmetic }

    private var kernels: training_kernels { arithmetic.kernels }

    /// Makes room for products of which no extent is larger than `largest`.
    func reserve(_ largest: Int) {
        guard largest > self.largest else { return }
        self.largest = largest
        words = (0..<2).map { _ in Storage(arithmetic.columnWords(largest, largest), repeating: 0) }
    }

    /// Computes out = x Wᵀ + bias.
    func multiply(
        _ out: Floats, _ x: Floats, _ inputs: Int, by weights: Floats, _ outputs: Int, _ bias: Floats, _ rows: Int
    ) {
        kernels.pack_rows(words[0].start, x, inputs, rows, inputs)
        kernels.pack_transposed(words[1].start, weights, inputs, inputs, outputs)
        kernels.multiply(
            out, outputs, words[0].start, training_left_rows, words[1].start, bias, 0, rows, outputs, inputs)
    }

    /// Computes out = dY W.
    func multiplyBack(
        _ out: Floats, _ gradient: Floats, _ outputs: Int, by weights: Floats, _ inputs: Int, _ rows: Int
    ) {
        kernels.pack_rows(words[0].start, gradient, outputs, rows, outputs)
        kernels.pack_columns(words[1].start, weights, inputs, outputs, inputs)
        kernels.multiply(
            out, inputs, words[0].start, training_left_rows, words[1].start, nil, 0, rows, inputs, outputs)
    }

    /// Adds dYᵀ X to the gradient of the weights, and Σ dY to that of the bias.
    func addGradient(
        _ weights: Floats, _ bias: Floats, _ gradient: Floats, _ outputs: Int, _ x: Floats, _ inputs: Int, _ rows: Int
    ) {
        kernels.pack_columns(words[0].start, gradient, outputs, rows, outputs)
        kernels.pack_columns(words[1].start, x, inputs, rows, inputs)
        kernels.multiply(
            weights, inputs, words[0].start, training_left_columns, words[1].start, nil, 1, outputs, inputs, rows)
        kernels.add_rows(bias, gradient, outputs, rows, outputs)
    }
}
