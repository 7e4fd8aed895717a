import CTraining
import Foundation

/// Trains all or some layers of a transformer classifier on labelled texts.
///
/// The same seed gives the same model on every number of threads, also after an interruption.
public final class FineTuner {
    /// The settings.
    public struct Options: Sendable {
        /// The number of passes over the texts.
        public var epochs = 3
        /// The number of texts of a step.
        public var batch = 32
        /// The most tokens that pass through the model together; a step may need several passes.
        public var microTokens = 2048
        /// The highest learning rate.
        public var rate = 5e-5
        /// The share of steps during which the rate grows.
        public var warmUp = 0.1
        /// How the rate falls after that.
        public var rateDecay = LearningRate.Decay.linear
        /// The weight decay, which leaves out biases and norms.
        public var decay = 0.01
        /// The largest norm of the gradient.
        public var clip = 1.0
        /// The factor of the rate from one layer to the one below it.
        public var layerDecay = 1.0
        /// The depths that are not learned: 1 for the embeddings, and one more for each layer.
        public var frozen = 0
        /// Chooses the order of texts and what is dropped.
        public var seed: UInt64 = 1

        /// Creates the default settings.
        public init() {}
    }

    /// What happened in a step.
    public struct Step: Sendable {
        /// The mean loss of its texts.
        public var loss: Double
        /// The norm of its gradient, before clipping.
        public var norm: Double
        /// The learning rate.
        public var rate: Double
        /// The number of tokens.
        public var tokens: Int
    }

    /// The sizes of the model.
    public let shape: EncoderShape
    /// Where each tensor lies.
    public let layout: ParameterLayout
    /// The settings.
    public let options: Options
    /// The number of all steps.
    public let totalSteps: Int
    /// The number of steps of an epoch.
    public let epochSteps: Int
    let parameters: Storage<Float>
    let optimizer: AdamW
    let gradients: WeightGradients
    private let arithmetic: Arithmetic
    private let pass: EncoderPass
    private let head: ClassifierHead
    private let texts: [[Int32]]
    private let targets: SoftTargets
    private let schedule: LearningRate
    private var order: EpochOrder

    /// The number of steps that were made.
    public var steps: Int { optimizer.steps }

    /// Prepares a training.
    ///
    /// - Parameters:
    ///   - shape: The sizes of the model.
    ///   - parameters: All parameters, in the order of `ParameterLayout`.
    ///   - texts: The token ids of each text, with the start and end tokens.
    ///   - targets: What the model should answer to each text.
    ///   - options: The settings.
    ///   - arithmetic: The kernels and threads.
    public init(
        _ shape: EncoderShape, parameters: [Float], texts: [[Int32]], targets: SoftTargets, _ options: Options,
        _ arithmetic: Arithmetic
    ) {
        self.shape = shape
        self.options = options
        self.arithmetic = arithmetic
        self.texts = texts
        self.targets = targets
        layout = ParameterLayout(shape)
        self.parameters = Storage(layout.count, repeating: 0)
        self.parameters.set(parameters)
        order = EpochOrder(count: texts.count, batch: options.batch, seed: options.seed)
        epochSteps = order.steps
        totalSteps = epochSteps * options.epochs
        schedule = LearningRate(
            peak: options.rate, warmUp: Int((options.warmUp * Double(totalSteps)).rounded(.up)), total: totalSteps,
            decay: options.rateDecay)
        var adamw = AdamW.Options(rate: schedule)
        (adamw.decay, adamw.layerDecay, adamw.frozen) = (options.decay, options.layerDecay, options.frozen)
        optimizer = AdamW(self.parameters, layout.tensors, tables: 2, arithmetic, adamw)
        gradients = WeightGradients(layout)
        pass = EncoderPass(shape, layout, arithmetic, parameters: self.parameters.start)
        head = ClassifierHead(pass)
        repack()
    }

    /// Packs the weights after they have changed.
    func repack() { pass.packed.update(parameters.start, firstBackward: max(0, options.frozen - 1)) }

    /// Makes one step.
    ///
    /// - Returns: What happened.
    public func step() -> Step {
        let chosen = order.texts(ofStep: steps)
        let rate = schedule.rate(steps)
        let loss = addGradients(of: chosen)
        let norm = arithmetic.norm(
            gradients.values, layout.tensors.filter { $0.depth >= options.frozen }, rows: gradients.tokenRows)
        optimizer.step(
            gradients.values, rows: gradients.rows, scale: Float(min(1, options.clip / (norm + 1e-6))))
        repack()
        return Step(loss: loss, norm: norm, rate: rate, tokens: chosen.reduce(0) { $0 + texts[$1].count })
    }

    /// Computes the gradients of the mean loss of some texts.
    ///
    /// - Parameter chosen: The numbers of the texts.
    /// - Returns: The loss.
    func addGradients(of chosen: [Int]) -> Double {
        gradients.reset(layout, for: chosen.map { texts[$0] })
        optimizer.catchUp(gradients.rows)
        let dropout = Dropout(seed: options.seed, step: steps, shape: shape)
        let total = chosen.reduce(0) { $0 + targets.weight($1) }
        var loss = 0.0
        for range in microBatches(chosen.map { texts[$0].count }) {
            let batch = TextBatch(chosen[range].map { texts[$0] }, firstNumber: range.lowerBound, heads: shape.heads)
            pass.forward(batch, dropout)
            head.forward(batch, dropout)
            let gradient = Storage<Float>(batch.count * shape.labels, repeating: 0)
            for (index, text) in chosen[range].enumerated() {
                loss += targets.loss(
                    text, head.logits.start + index * shape.labels, total: total,
                    gradient: gradient.start + index * shape.labels)
            }
            head.backward(batch, dropout, gradient, gradients)
            guard options.frozen <= shape.layers else { continue }
            pass.backward(batch, dropout, frozen: options.frozen)
            gradients.add(pass, batch, frozen: options.frozen)
        }
        return loss
    }

    /// Divides texts of given lengths into parts with at most `microTokens` tokens, or one text.
    private func microBatches(_ lengths: [Int]) -> [Range<Int>] {
        var (parts, start, tokens): ([Range<Int>], Int, Int) = ([], 0, 0)
        for (index, length) in lengths.enumerated() {
            if index > start, tokens + length > options.microTokens {
                parts.append(start..<index)
                (start, tokens) = (index, 0)
            }
            tokens += length
        }
        return parts + [start..<lengths.count]
    }

    /// The outputs of the present model for some texts, without dropout.
    ///
    /// - Parameter texts: The token ids of each text.
    /// - Returns: The logits, (texts, labels).
    public func logits(_ texts: [[Int32]]) -> [Float] {
        optimizer.catchUp()
        var result: [Float] = []
        for range in microBatches(texts.map(\.count)) where !range.isEmpty {
            let batch = TextBatch(texts[range], heads: shape.heads)
            pass.forward(batch, nil)
            head.forward(batch, nil)
            result += UnsafeBufferPointer(start: head.logits.start, count: batch.count * shape.labels)
        }
        return result
    }
}
