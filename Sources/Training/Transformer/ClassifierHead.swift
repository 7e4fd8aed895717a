import CTraining
import Foundation

/// The head of a classifier: the first token of each text, a dense layer with tanh or ReLU, and the classifier.
final class ClassifierHead {
    private let pass: EncoderPass
    private var capacity = 0
    /// (texts, width): the input, the output of the activation, and what dropout leaves of it; then two gradients.
    private var input, active, left, gradient, other: Storage<Float>
    private let products: LinearProducts
    /// The outputs, (texts, labels).
    private(set) var logits: Storage<Float>

    init(_ pass: EncoderPass) {
        self.pass = pass
        products = LinearProducts(pass.arithmetic)
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
        products.reserve(max(width, labels, texts))
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
        products.multiply(
            active.start, input.start, width, by: parameters + layout.dense, width, parameters + layout.denseBias, count
        )
        for index in 0..<count * width {
            let value = active.start[index]
            active.start[index] = shape.architecture == .bert ? tanh(value) : max(0, value)
        }
        left.start.update(from: active.start, count: count * width)
        drop(left.start, batch, dropout)
        products.multiply(
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
        products.addGradient(
            values + layout.classifier, values + layout.classifierBias, logitsGradient.start, shape.labels, left.start,
            width, count)
        products.multiplyBack(
            gradient.start, logitsGradient.start, shape.labels, by: parameters + layout.classifier, width, count)
        drop(gradient.start, batch, dropout)
        for index in 0..<count * width {
            let value = active.start[index]
            gradient.start[index] *= shape.architecture == .bert ? 1 - value * value : value > 0 ? 1 : 0
        }
        products.addGradient(
            values + layout.dense, values + layout.denseBias, gradient.start, width, input.start, width, count)
        products.multiplyBack(other.start, gradient.start, width, by: parameters + layout.dense, width, count)
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
}
