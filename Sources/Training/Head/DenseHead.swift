import CTraining
import Foundation

/// Trains a classifier with a dense layer before it on vectors of texts.
///
/// - Source: Loshchilov and Hutter 2019, arXiv:1711.05101, for the optimizer.
public struct DenseHead: Sendable {
    /// The function after the dense layer.
    public var activation: VectorHead.Activation
    /// The number of passes over the texts.
    public var epochs = 10
    /// The number of texts of a step.
    public var batch = 64
    /// The highest learning rate, which falls to 0 in a straight line.
    public var rate = 1e-3
    /// The weight decay.
    public var decay = 0.01
    /// Chooses the weights at the start and the order of the texts.
    public var seed: UInt64

    /// Creates a trainer.
    ///
    /// - Parameters:
    ///   - activation: The function after the dense layer.
    ///   - seed: Chooses the weights at the start and the order of the texts.
    public init(_ activation: VectorHead.Activation, seed: UInt64) { (self.activation, self.seed) = (activation, seed) }

    /// Trains a head.
    ///
    /// - Parameters:
    ///   - vectors: The vectors.
    ///   - targets: What the head should answer to each text.
    ///   - arithmetic: The kernels; one thread is used.
    /// - Returns: The head.
    public func train(_ vectors: TextVectors, _ targets: SoftTargets, _ arithmetic: Arithmetic) -> VectorHead {
        let state = DenseHeadState(self, vectors, targets, arithmetic)
        var random = SplitMix64(seed: seed)
        var order = Array(0..<vectors.count)
        let steps = (vectors.count + batch - 1) / batch * epochs
        for _ in 0..<epochs {
            for index in order.indices.reversed() { order.swapAt(index, random.index(below: index + 1)) }
            for start in stride(from: 0, to: order.count, by: batch) {
                state.step(Array(order[start..<min(start + batch, order.count)]), of: steps)
            }
        }
        return state.head
    }
}

/// The parameters of a dense head while it is trained.
private final class DenseHeadState {
    private let options: DenseHead
    private let vectors: TextVectors
    private let targets: SoftTargets
    private let kernels: training_kernels
    private let products: LinearProducts
    private let (width, classes): (Int, Int)
    /// The dense weights and biases, then those of the classifier.
    private let parameters, gradients, first, second: Storage<Float>
    /// (texts of a step, width): vectors, outputs of the activation, and the gradient of those.
    private let input, active, back: Storage<Float>
    private let logits, logitsGradient: Storage<Float>
    /// What makes the mean of each column 0 and its variance 1.
    private let moments: ColumnMoments
    private var steps = 0

    init(_ options: DenseHead, _ vectors: TextVectors, _ targets: SoftTargets, _ arithmetic: Arithmetic) {
        (self.options, self.vectors, self.targets) = (options, vectors, targets)
        (kernels, width, classes) = (arithmetic.kernels, vectors.width, targets.classes)
        products = LinearProducts(arithmetic)
        products.reserve(max(width, classes, options.batch))
        func zeros(_ count: Int) -> Storage<Float> { Storage(count, repeating: 0) }
        let count = (width + 1) * (width + classes)
        (parameters, gradients, first, second) = (zeros(count), zeros(count), zeros(count), zeros(count))
        (input, active, back) = (
            zeros(options.batch * width), zeros(options.batch * width), zeros(options.batch * width)
        )
        (logits, logitsGradient) = (zeros(options.batch * classes), zeros(options.batch * classes))
        moments = ColumnMoments(vectors)
        var random = SplitMix64(seed: options.seed &+ 1)
        let bound = (6 / Double(2 * width)).squareRoot()
        for index in 0..<width * width {
            parameters.start[index] = Float(bound * (Double(random.next() >> 11) * 0x1p-52 - 1))
        }
        for index in 0..<classes * width {
            parameters.start[width * (width + 1) + index] = Float(bound * (Double(random.next() >> 11) * 0x1p-52 - 1))
        }
    }

    /// Makes one of `total` steps.
    func step(_ texts: [Int], of total: Int) {
        let (count, start) = (texts.count, parameters.start)
        let (classifier, change) = (start + width * (width + 1), gradients.start + width * (width + 1))
        for (row, text) in texts.enumerated() {
            moments.standardize(vectors[text], into: input.start + row * width)
        }
        products.multiply(active.start, input.start, width, by: start, width, start + width * width, count)
        let isTanh = options.activation == .tanh
        for index in 0..<count * width {
            active.start[index] = isTanh ? tanh(active.start[index]) : max(0, active.start[index])
        }
        products.multiply(
            logits.start, active.start, width, by: classifier, classes, classifier + classes * width, count)
        let weight = texts.reduce(0) { $0 + targets.weight($1) }
        for (row, text) in texts.enumerated() {
            _ = targets.loss(
                text, logits.start + row * classes, total: weight, gradient: logitsGradient.start + row * classes)
        }
        gradients.start.update(repeating: 0, count: gradients.count)
        products.addGradient(
            change, change + classes * width, logitsGradient.start, classes, active.start, width, count)
        products.multiplyBack(back.start, logitsGradient.start, classes, by: classifier, width, count)
        for index in 0..<count * width {
            let value = active.start[index]
            back.start[index] *= isTanh ? 1 - value * value : value > 0 ? 1 : 0
        }
        products.addGradient(
            gradients.start, gradients.start + width * width, back.start, width, input.start, width, count)
        update(rate: options.rate * (1 - Double(steps) / Double(total)))
    }

    private func update(rate: Double) {
        steps += 1
        var numbers = training_step(
            keep: Float(1 - rate * options.decay), size: Float(rate / (1 - pow(0.9, Double(steps)))),
            root: Float(1 / (1 - pow(0.999, Double(steps))).squareRoot()))
        kernels.adamw(
            parameters.start, first.start, second.start, gradients.start, 1, [0.9, 0.1, 0.999, 0.001], 1e-8, &numbers,
            1,
            parameters.count)
    }

    /// The trained head, for vectors that are not standardized.
    var head: VectorHead {
        let all = parameters.elements
        let classifier = width * (width + 1)
        let dense = moments.unfold(weights: all[..<(width * width)], bias: all[width * width..<classifier])
        return VectorHead(
            width: width, dense: .init(activation: options.activation, weights: dense.weights, bias: dense.bias),
            weights: Array(all[classifier..<classifier + classes * width]),
            bias: Array(all[(classifier + classes * width)...]))
    }
}
