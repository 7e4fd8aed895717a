import CTraining
import Foundation

/// The head of a classifier: the first token of each text, a dense layer with tanh or ReLU, and the classifier.
final class ClassifierHead {
    private let pass: EncoderPass
    private var capacity = 0
    /// (texts, width): the input, the output of the activation, and what dropout leaves of it; then two gradients.
    private var input, active, left, gradient, other: Storage<Float>
    private var words: [Storage<UInt32>] = []
    /// The outputs, (texts, labels).
    private(set) var logits: Storage<Float>

    init(_ pass: EncoderPass) {
        self.pass = pass
        let none = Storage<Float>(0, repeating: 0)
        (input, active, left, gradient, other, logits) = (none, none, none, none, none, none)
    }

    private func reserve(_ texts: Int) {
        guard texts > capacity else { return }
        capacity = texts
        let (width, labels) = (pass.shape.width, pass.shape.labels)
        func rows() -> Storage<Float> { Storage(texts * width, repeating: 0) }
        (input, active, left, gradient, other) = (rows(), rows(), rows(), rows(), rows())
        logits = Storage(texts * labels, repeating: 0)
        let largest = max(width, labels, texts)
        words = (0..<2).map { _ in Storage(pass.arithmetic.columnWords(largest, largest), repeating: 0) }
    }

    /// Computes the logits of each text from the hidden states in `kept.output`.
    func forward(_ batch: TextBatch, _ dropout: Dropout?) {
        reserve(batch.count)
        let (shape, layout, parameters, count) = (pass.shape, pass.layout, pass.parameters, batch.count)
        let width = shape.width
        for text in 0..<count {
            (input.start + text * width)
                .update(from: pass.kept.output + batch.rows(of: text).lowerBound * width, count: width)
        }
        multiply(
            active.start, input.start, width, by: parameters + layout.dense, width, parameters + layout.denseBias, count
        )
        for index in 0..<count * width {
            let value = active.start[index]
            active.start[index] = shape.architecture == .bert ? tanh(value) : max(0, value)
        }
        left.start.update(from: active.start, count: count * width)
        drop(left.start, batch, dropout)
        multiply(
            logits.start, left.start, width, by: parameters + layout.classifier, shape.labels,
            parameters + layout.classifierBias, count)
    }

    /// Adds the gradients of the head, and writes the gradient of the hidden states into `kept.output`.
    ///
    /// - Parameters:
    ///   - batch: The texts.
    ///   - dropout: What was dropped in the forward pass.
    ///   - logitsGradient: (texts, labels).
    ///   - gradients: The gradients of all parameters.
    func backward(
        _ batch: TextBatch, _ dropout: Dropout?, _ logitsGradient: Storage<Float>, _ gradients: WeightGradients
    ) {
        let (shape, layout, parameters, count) = (pass.shape, pass.layout, pass.parameters, batch.count)
        let (width, kernels, values) = (shape.width, pass.kernels, gradients.values.start)
        addGradient(
            values + layout.classifier, values + layout.classifierBias, logitsGradient.start, shape.labels, left.start,
            count)
        multiplyBack(
            gradient.start, logitsGradient.start, shape.labels, by: parameters + layout.classifier, width, count)
        drop(gradient.start, batch, dropout)
        for index in 0..<count * width {
            let value = active.start[index]
            gradient.start[index] *= shape.architecture == .bert ? 1 - value * value : value > 0 ? 1 : 0
        }
        addGradient(
            values + layout.dense, values + layout.denseBias, gradient.start, width, input.start, count)
        multiplyBack(other.start, gradient.start, width, by: parameters + layout.dense, width, count)
        pass.kept.output.update(repeating: 0, count: batch.tokens * width)
        for text in 0..<count {
            kernels.add(
                pass.kept.output + batch.rows(of: text).lowerBound * width, other.start + text * width, width)
        }
    }

    private func drop(_ x: Floats, _ batch: TextBatch, _ dropout: Dropout?) {
        for text in 0..<batch.count {
            guard var generator = dropout?.generator(.head, text: batch.numbers[text]) else { return }
            pass.kernels.drop(x + text * pass.shape.width, pass.shape.width, &generator)
        }
    }

    /// Computes out = x Wᵀ + bias.
    private func multiply(
        _ out: Floats, _ x: Floats, _ inputs: Int, by weights: Floats, _ outputs: Int, _ bias: Floats, _ rows: Int
    ) {
        let kernels = pass.kernels
        kernels.pack_rows(words[0].start, x, inputs, rows, inputs)
        kernels.pack_transposed(words[1].start, weights, inputs, inputs, outputs)
        kernels.multiply(
            out, outputs, words[0].start, training_left_rows, words[1].start, bias, 0, rows, outputs, inputs)
    }

    /// Computes out = dY W.
    private func multiplyBack(
        _ out: Floats, _ gradient: Floats, _ outputs: Int, by weights: Floats, _ inputs: Int, _ rows: Int
    ) {
        let kernels = pass.kernels
        kernels.pack_rows(words[0].start, gradient, outputs, rows, outputs)
        kernels.pack_columns(words[1].start, weights, inputs, outputs, inputs)
        kernels.multiply(
            out, inputs, words[0].start, training_left_rows, words[1].start, nil, 0, rows, inputs, outputs)
    }

    /// Adds dYᵀ X to the gradient of the weights, and Σ dY to that of the bias.
    private func addGradient(
        _ weights: Floats, _ bias: Floats, _ gradient: Floats, _ outputs: Int, _ x: Floats, _ rows: Int
    ) {
        let (kernels, inputs) = (pass.kernels, pass.shape.width)
        kernels.pack_columns(words[0].start, gradient, outputs, rows, outputs)
        kernels.pack_columns(words[1].start, x, inputs, rows, inputs)
        kernels.multiply(
            weights, inputs, words[0].start, training_left_columns, words[1].start, nil, 1, outputs, inputs, rows)
        kernels.add_rows(bias, gradient, outputs, rows, outputs)
    }
}
