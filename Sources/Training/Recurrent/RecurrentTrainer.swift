import CTraining

/// Trains a recurrent classifier on labelled texts.
///
/// The same seed gives the same model on every number of threads, to the bit.
public final class RecurrentTrainer: EpochTrainer {
    /// The settings.
    public struct Options: Sendable {
        /// The number of passes over the texts.
        public var epochs = 4
        /// The number of texts of a step.
        public var batch = 64
        /// The highest learning rate.
        public var rate = 2e-3
        /// The share of steps during which the rate grows.
        public var warmUp = 0.02
        /// How the rate falls after that.
        public var rateDecay = LearningRate.Decay.linear
        /// The weight decay, which leaves out biases.
        public var decay = 0.01
        /// The largest norm of the gradient.
        public var clip = 1.0
        /// Whether the vectors of words stay as they are.
        public var isFrozen = false
        /// Chooses the order of texts and what is dropped.
        public var seed: UInt64 = 1

        /// Creates the default settings.
        public init() {}
    }

    /// The sizes of the model.
    public let shape: RecurrentShape
    /// Where each tensor lies.
    public let layout: RecurrentLayout
    /// The number of all steps.
    public let totalSteps: Int
    /// The number of steps of an epoch.
    public let epochSteps: Int
    let gradients: RecurrentGradients
    private let options: Options
    private let parameters: Storage<Float>
    private let optimizer: AdamW
    private let arithmetic: Arithmetic
    private let pass: RecurrentPass
    private let texts: [[Int32]]
    private let targets: SoftTargets
    private let schedule: LearningRate
    private var order: EpochOrder

    /// The number of steps that were made.
    public var steps: Int { optimizer.steps }
    /// The number of parameters.
    public var parameterCount: Int { layout.count }
    /// All texts of a step pass through the model together.
    public var microTokens: Int { 0 }

    /// Prepares a training.
    ///
    /// - Parameters:
    ///   - shape: The sizes of the model.
    ///   - parameters: All parameters, in the order of `RecurrentLayout`.
    ///   - texts: The vectors of the words of each text, as rows of the table.
    ///   - targets: What the model should answer to each text.
    ///   - options: The settings.
    ///   - arithmetic: The kernels and threads.
    public init(
        _ shape: RecurrentShape, parameters: [Float], texts: [[Int32]], targets: SoftTargets, _ options: Options,
        _ arithmetic: Arithmetic
    ) {
        (self.shape, self.options, self.arithmetic) = (shape, options, arithmetic)
        (self.texts, self.targets) = (texts, targets)
        layout = RecurrentLayout(shape)
        self.parameters = Storage(layout.count, repeating: 0)
        self.parameters.set(parameters)
        order = EpochOrder(
            count: texts.count, batch: options.batch, seed: options.seed, lengths: texts.map(\.count))
        epochSteps = order.steps
        totalSteps = order.steps * options.epochs
        schedule = LearningRate(
            peak: options.rate, warmUp: Int((options.warmUp * Double(totalSteps)).rounded(.up)), total: totalSteps,
            decay: options.rateDecay)
        var adamw = AdamW.Options(rate: schedule)
        (adamw.decay, adamw.frozen) = (options.decay, options.isFrozen ? 1 : 0)
        optimizer = AdamW(self.parameters, layout.tensors, tables: 1, arithmetic, adamw)
        gradients = RecurrentGradients(shape, layout, arithmetic)
        pass = RecurrentPass(shape, layout, arithmetic, parameters: self.parameters.start)
        pass.weights.update(self.parameters.start)
    }

    /// Makes one step.
    ///
    /// - Returns: What happened.
    public func step() -> FineTuner.Step {
        let chosen = order.texts(ofStep: steps)
        let rate = schedule.rate(steps)
        let loss = addGradients(of: chosen)
        let learned = layout.tensors.filter { $0.depth > 0 || !options.isFrozen }
        let norm = arithmetic.norm(gradients.values, learned, rows: gradients.tokenRows)
        optimizer.step(
            gradients.values, rows: gradients.tables, scale: Float(min(1, options.clip / (norm + 1e-6))))
        pass.weights.update(parameters.start)
        return .init(loss: loss, norm: norm, rate: rate, tokens: chosen.reduce(0) { $0 + texts[$1].count })
    }

    /// Computes the gradients of the mean loss of some texts.
    ///
    /// - Parameter chosen: The numbers of the texts.
    /// - Returns: The loss.
    func addGradients(of chosen: [Int]) -> Double {
        pass.take(texts, chosen)
        gradients.reset(pass)
        optimizer.catchUp(gradients.tables)
        let dropout = RecurrentDropout(seed: options.seed, step: steps, probability: shape.dropout)
        pass.forward(dropout)
        let total = chosen.reduce(0) { $0 + targets.weight($1) }
        var loss = 0.0
        for (steps, kept) in pass.chunks {
            for (place, text) in steps.texts.enumerated() {
                loss += targets.loss(
                    text, kept.logits + place * shape.labels, total: total,
                    gradient: kept.logitsGradient + place * shape.labels)
            }
        }
        pass.backward(dropout, needsVectors: !options.isFrozen)
        gradients.add(pass, needsVectors: !options.isFrozen)
        return loss
    }

    /// The outputs of the present model for some texts, without dropout.
    ///
    /// - Parameter texts: The rows of the words of each text.
    /// - Returns: The logits, (texts, labels).
    public func logits(_ texts: [[Int32]]) -> [Float] {
        optimizer.catchUp()
        var result = [Float](repeating: 0, count: texts.count * shape.labels)
        // Texts of similar length go through the model together.
        let order = texts.indices.sorted { (texts[$0].count, $0) < (texts[$1].count, $1) }
        for start in stride(from: 0, to: order.count, by: 512) {
            pass.take(texts, Array(order[start..<min(start + 512, order.count)]))
            pass.forward(nil)
            for (steps, kept) in pass.chunks {
                for (place, text) in steps.texts.enumerated() {
                    for label in 0..<shape.labels {
                        result[text * shape.labels + label] = kept.logits[place * shape.labels + label]
                    }
                }
            }
        }
        return result
    }

    /// All parameters of the present model.
    public var currentParameters: [Float] {
        optimizer.catchUp()
        return parameters.elements
    }

    /// Calls `body` with the arrays of the present state, without a copy of them.
    ///
    /// - Parameter body: Reads the arrays, which do not change until it returns.
    /// - Throws: The error that `body` throws.
    public func withState<E: Error>(
        _ body: ([(name: String, values: UnsafeBufferPointer<Float>)]) throws(E) -> Void
    ) throws(E) {
        optimizer.catchUp()
        try body(
            [("parameters", parameters), ("first", optimizer.first), ("second", optimizer.second)].map {
                ($0.0, UnsafeBufferPointer(start: $0.1.start, count: $0.1.count))
            })
    }

    /// The present state.
    public var state: FineTuner.State {
        .init(
            steps: steps, parameters: currentParameters, first: optimizer.first.elements,
            second: optimizer.second.elements)
    }

    /// Goes on from a state of the same training.
    ///
    /// - Parameter state: The state, whose arrays have as many elements as the layout.
    public func resume(_ state: FineTuner.State) {
        parameters.set(state.parameters)
        optimizer.first.set(state.first)
        optimizer.second.set(state.second)
        optimizer.resume(after: state.steps)
        pass.weights.update(parameters.start)
    }
}
