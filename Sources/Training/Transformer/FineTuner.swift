import CTraining
import Foundation

/// Trains all or some layers of a transformer, as a classifier of labelled texts or as an encoder of pairs of texts.
///
/// The same seed gives the same model on every number of threads, also after an interruption.
public final class FineTuner {
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
    private let objective: any Objective
    private let texts: [[Int32]]
    private let schedule: LearningRate
    private var order: EpochOrder

    /// The number of steps that were made.
    public var steps: Int { optimizer.steps }

    /// Prepares the training of a classifier.
    ///
    /// - Parameters:
    ///   - shape: The sizes of the model.
    ///   - parameters: All parameters, in the order of `ParameterLayout`.
    ///   - texts: The token ids of each text, with the start and end tokens.
    ///   - targets: What the model should answer to each text.
    ///   - options: The settings.
    ///   - arithmetic: The kernels and threads.
    public convenience init(
        _ shape: EncoderShape, parameters: [Float], texts: [[Int32]], targets: SoftTargets, _ options: Options,
        _ arithmetic: Arithmetic
    ) {
        self.init(shape, parameters, texts, options, arithmetic) { LabelObjective($0, targets) }
    }

    /// Prepares the training of an encoder with pairs of texts.
    ///
    /// - Parameters:
    ///   - shape: The sizes of the model.
    ///   - parameters: All parameters, in the order of `ParameterLayout`; those of the head are not learned.
    ///   - pairs: The token ids of each text, the texts of a pair one behind the other.
    ///   - isSame: For each pair, whether its vectors should be near each other.
    ///   - options: The settings, of which the number of texts of a step is even.
    ///   - arithmetic: The kernels and threads.
    public convenience init(
        _ shape: EncoderShape, parameters: [Float], pairs: [[Int32]], isSame: [Bool], _ options: Options,
        _ arithmetic: Arithmetic
    ) {
        precondition(pairs.count == 2 * isSame.count && options.batch % 2 == 0)
        self.init(shape, parameters, pairs, options, arithmetic) { PairObjective($0, isSame: isSame) }
    }

    private init(
        _ shape: EncoderShape, _ parameters: [Float], _ texts: [[Int32]], _ options: Options, _ arithmetic: Arithmetic,
        _ makeObjective: (EncoderPass) -> any Objective
    ) {
        self.shape = shape
        self.options = options
        self.arithmetic = arithmetic
        self.texts = texts
        layout = ParameterLayout(shape)
        self.parameters = Storage(layout.count, repeating: 0)
        self.parameters.set(parameters)
        pass = EncoderPass(shape, layout, arithmetic, parameters: self.parameters.start)
        objective = makeObjective(pass)
        order = EpochOrder(count: texts.count, batch: options.batch, seed: options.seed, group: objective.group)
        epochSteps = order.steps
        totalSteps = epochSteps * options.epochs
        schedule = LearningRate(
            peak: options.rate, warmUp: Int((options.warmUp * Double(totalSteps)).rounded(.up)), total: totalSteps,
            decay: options.rateDecay)
        var adamw = AdamW.Options(rate: schedule)
        (adamw.decay, adamw.layerDecay, adamw.frozen) = (options.decay, options.layerDecay, options.frozen)
        optimizer = AdamW(self.parameters, layout.tensors, tables: 2, arithmetic, adamw)
        gradients = WeightGradients(layout)
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
        let total = objective.total(of: chosen)
        var loss = 0.0
        for range in microBatches(chosen.map { texts[$0].count }, group: objective.group) {
            let batch = TextBatch(chosen[range].map { texts[$0] }, firstNumber: range.lowerBound, heads: shape.heads)
            pass.forward(batch, dropout)
            loss += objective.backward(Array(chosen[range]), batch, dropout, total: total, gradients)
            guard options.frozen <= shape.layers else { continue }
            pass.backward(batch, dropout, frozen: options.frozen)
            gradients.add(pass, batch, frozen: options.frozen)
        }
        return loss
    }

    /// Divides texts of given lengths into parts with at most `microTokens` tokens, or one group of texts.
    private func microBatches(_ lengths: [Int], group: Int = 1) -> [Range<Int>] {
        var (parts, start, tokens): ([Range<Int>], Int, Int) = ([], 0, 0)
        for first in stride(from: 0, to: lengths.count, by: group) {
            let length = lengths[first..<first + group].reduce(0, +)
            if first > start, tokens + length > options.microTokens {
                parts.append(start..<first)
                (start, tokens) = (first, 0)
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
        let head = (objective as? LabelObjective)?.head ?? ClassifierHead(pass)
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
