import CTraining
import Foundation

/// The optimizer AdamW with decoupled weight decay.
///
/// The first tensors may be tables, such as those of tokens and positions. Most of their rows have no gradient at a step.
/// Their steps are made up for when they are next needed, with the same arithmetic, so the result is the same to the bit as
/// if every step had been made at once.
///
/// - Source: Loshchilov and Hutter 2019, arXiv:1711.05101.
final class AdamW: @unchecked Sendable {
    /// The settings.
    struct Options: Sendable {
        var rate: LearningRate
        var beta1 = 0.9
        var beta2 = 0.999
        var epsilon = 1e-8
        var decay = 0.0
        /// The factor of the rate from one layer to the one below it.
        var layerDecay = 1.0
        /// The depths that are not learned.
        var frozen = 0
    }

    let parameters: Storage<Float>
    /// The moving averages of the gradients and of their squares.
    let first: Storage<Float>
    let second: Storage<Float>
    /// The number of steps that were made.
    private(set) var steps = 0
    private let tensors: [ParameterLayout.Tensor]
    private let arithmetic: Arithmetic
    private let options: Options
    private let beta: [Float]
    /// The numbers of each step for the tables.
    private var tableSteps: [training_step] = []
    /// For each row of a table, the step up to which it is.
    private var rowSteps: [[Int]]

    /// Prepares the first step.
    ///
    /// - Parameters:
    ///   - parameters: The parameters to change.
    ///   - tensors: Where each tensor lies, in the order of their offsets and without gaps.
    ///   - tables: The number of tensors at the beginning that are tables.
    ///   - arithmetic: The kernels and threads.
    ///   - options: The settings.
    init(
        _ parameters: Storage<Float>, _ tensors: [ParameterLayout.Tensor], tables: Int, _ arithmetic: Arithmetic,
        _ options: Options
    ) {
        self.parameters = parameters
        self.tensors = tensors
        self.arithmetic = arithmetic
        self.options = options
        first = Storage(parameters.count, repeating: 0)
        second = Storage(parameters.count, repeating: 0)
        beta = [options.beta1, 1 - options.beta1, options.beta2, 1 - options.beta2].map(Float.init)
        rowSteps = tensors[0..<tables].map { Array(repeating: 0, count: $0.shape[0]) }
    }

    /// The numbers of a step for a tensor.
    ///
    /// - Parameters:
    ///   - step: The number of the step, from 1.
    ///   - tensor: The tensor.
    /// - Returns: The numbers.
    private func numbers(_ step: Int, _ tensor: ParameterLayout.Tensor) -> training_step {
        let deepest = tensors.last?.depth ?? 0
        let rate = options.rate.rate(step - 1) * pow(options.layerDecay, Double(deepest - tensor.depth))
        return training_step(
            keep: Float(1 - rate * (tensor.decays ? options.decay : 0)),
            size: Float(rate / (1 - pow(options.beta1, Double(step)))),
            root: Float(1 / (1 - pow(options.beta2, Double(step))).squareRoot()))
    }

    /// Brings rows of the tables up to the present step.
    ///
    /// - Parameter rows: The rows of each table.
    func catchUp(_ rows: [[Int]]) {
        guard options.frozen == 0 else { return }
        for (table, rows) in rows.enumerated() {
            let (offset, width) = (tensors[table].offset, tensors[table].shape[1])
            arithmetic.perform(rows.count) { index, _ in
                let (row, made) = (rows[index], rowSteps[table][rows[index]])
                // Without decay, a row that never had a gradient stays as it is.
                guard made < steps, made > 0 || options.decay > 0 else { return }
                tableSteps.withUnsafeBufferPointer { all in
                    guard let start = all.baseAddress else { return }
                    update(offset + row * width, width, nil, 1, start + made, steps - made)
                }
            }
            for row in rows where rowSteps[table][row] > 0 || options.decay > 0 { rowSteps[table][row] = steps }
        }
    }

    /// Brings all rows of the tables up to the present step.
    func catchUp() {
        catchUp(rowSteps.map { Array($0.indices) })
    }

    /// Makes one step.
    ///
    /// The rows that have gradients must be up to the present step.
    ///
    /// - Parameters:
    ///   - gradients: A gradient for each parameter.
    ///   - rows: The rows of each table that have gradients.
    ///   - scale: A factor for all gradients.
    func step(_ gradients: Storage<Float>, rows: [[Int]], scale: Float) {
        steps += 1
        var tasks: [(offset: Int, count: Int, step: training_step)] = []
        for tensor in tensors[rowSteps.count...] where tensor.depth >= options.frozen {
            let step = numbers(steps, tensor)
            for start in stride(from: 0, to: tensor.count, by: 1 << 16) {
                tasks.append((tensor.offset + start, min(1 << 16, tensor.count - start), step))
            }
        }
        tableSteps.append(numbers(steps, tensors[0]))
        if options.frozen == 0 {
            for (table, rows) in rows.enumerated() {
                let tensor = tensors[table]
                for row in rows {
                    tasks.append((tensor.offset + row * tensor.shape[1], tensor.shape[1], tableSteps[steps - 1]))
                    rowSteps[table][row] = steps
                }
            }
        }
        let values = gradients.start
        arithmetic.perform(tasks.count) { index, _ in
            var task = tasks[index]
            update(task.offset, task.count, values + task.offset, scale, &task.step, 1)
        }
    }

    private func update(
        _ offset: Int, _ count: Int, _ gradient: Floats?, _ scale: Float, _ steps: UnsafePointer<training_step>,
        _ stepCount: Int
    ) {
        arithmetic.kernels.adamw(
            parameters.start + offset, first.start + offset, second.start + offset, gradient, scale, beta,
            Float(options.epsilon), steps, stepCount, count)
    }

    /// Goes on after a number of steps, with parameters and averages that were set before.
    func resume(after steps: Int) {
        self.steps = steps
        tableSteps = steps > 0 ? (1...steps).map { numbers($0, tensors[0]) } : []
        for table in rowSteps.indices {
            let (offset, width) = (tensors[table].offset, tensors[table].shape[1])
            for row in rowSteps[table].indices {
                let range = offset + row * width..<offset + (row + 1) * width
                let hasMoved = options.decay > 0 || range.contains { second.start[$0] != 0 || first.start[$0] != 0 }
                rowSteps[table][row] = hasMoved ? steps : 0
            }
        }
    }
}
