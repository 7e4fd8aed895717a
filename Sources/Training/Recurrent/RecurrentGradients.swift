import CTraining

/// The gradients of all parameters of a recurrent classifier for the texts of a step.
final class RecurrentGradients: @unchecked Sendable {
    /// A gradient for each parameter.
    ///
    /// Those of the vectors of words are zero in all rows that are not in `tokenRows`.
    let values: Storage<Float>
    /// The vectors that the texts of the step use, sorted.
    private(set) var tokenRows: [Int32] = []
    private let shape: RecurrentShape
    private let layout: RecurrentLayout
    private let arithmetic: Arithmetic
    private var words: [Storage<UInt32>] = []
    private var rows: [Storage<Float>] = []

    init(_ shape: RecurrentShape, _ layout: RecurrentLayout, _ arithmetic: Arithmetic) {
        (self.shape, self.layout, self.arithmetic) = (shape, layout, arithmetic)
        values = Storage(layout.count, repeating: 0)
    }

    /// The rows of the table of vectors that the texts of the step use.
    var tables: [[Int]] { [tokenRows.map(Int.init)] }

    /// Forgets the gradients of the last step.
    ///
    /// - Parameter pass: The pass, which has taken the texts of the next step.
    func reset(_ pass: RecurrentPass) {
        let width = shape.width
        for row in tokenRows { (values.start + Int(row) * width).update(repeating: 0, count: width) }
        let rest = shape.rows * width
        (values.start + rest).update(repeating: 0, count: layout.count - rest)
        tokenRows = Set(pass.chunks.lazy.flatMap(\.steps.ids)).sorted()
    }

    /// Adds the gradients after a backward pass, one chunk of texts after the other.
    ///
    /// - Parameters:
    ///   - pass: The pass.
    ///   - needsVectors: Whether the vectors of words are learned.
    func add(_ pass: RecurrentPass, needsVectors: Bool) {
        let longest = pass.chunks.map { max($0.steps.rows, $0.steps.texts.count) }.max() ?? 0
        let widest = max(4 * shape.units, shape.width, shape.outputs)
        let count = 2 * arithmetic.columnWords(longest, widest)
        if (words.first?.count ?? 0) < count {
            words = (0..<arithmetic.threads).map { _ in Storage(count * 5 / 4, repeating: 0) }
            rows = (0..<arithmetic.threads).map { _ in Storage(longest * shape.units * 5 / 4, repeating: 0) }
        }
        let cells = shape.layers * shape.directions
        arithmetic.perform(2 * cells + 2) { task, thread in
            let scratch = (words[thread].start, rows[thread].start)
            for (steps, kept) in pass.chunks {
                switch task {
                case 0..<cells: addInput(steps, kept, task / shape.directions, task % shape.directions, scratch)
                case cells..<2 * cells:
                    let cell = task - cells
                    addRecurrent(steps, kept, cell / shape.directions, cell % shape.directions, scratch)
                case 2 * cells: addHead(steps, kept, scratch)
                default:
                    guard needsVectors else { continue }
                    for (row, id) in steps.ids.enumerated() {
                        arithmetic.kernels.add(
                            values.start + Int(id) * shape.width, kept.gradient + row * shape.width, shape.width)
                    }
                }
            }
        }
    }

    private typealias Scratch = (words: Words, rows: Floats)

    /// dW = dZᵀ X and db = Σ dZ.
    private func addInput(
        _ steps: TextSteps, _ kept: RecurrentActivations, _ layer: Int, _ direction: Int, _ scratch: Scratch
    ) {
        let (cell, offsets) = (kept.layers[layer][direction], layout.cells[layer][direction])
        let (gates, inputs) = (4 * shape.units, shape.inputs(layer))
        addProduct(cell.gates, gates, cell.input, inputs, steps.rows, at: offsets.input, scratch.words)
        arithmetic.kernels.add_rows(values.start + offsets.bias, cell.gates, gates, steps.rows, gates)
    }

    /// dU = dZᵀ H, where H has the outputs one step before; at the first step there are none.
    private func addRecurrent(
        _ steps: TextSteps, _ kept: RecurrentActivations, _ layer: Int, _ direction: Int, _ scratch: Scratch
    ) {
        guard steps.steps > 1 else { return }
        let (cell, units, first) = (kept.layers[layer][direction], shape.units, steps.starts[1])
        for step in 1..<steps.steps {
            (scratch.rows + (steps.starts[step] - first) * units).update(
                from: cell.output + steps.starts[step - 1] * units, count: steps.count(step) * units)
        }
        addProduct(
            cell.gates + first * 4 * units, 4 * units, scratch.rows, units, steps.rows - first,
            at: layout.cells[layer][direction].recurrent, scratch.words)
    }

    private func addHead(_ steps: TextSteps, _ kept: RecurrentActivations, _ scratch: Scratch) {
        let (labels, texts) = (shape.labels, steps.texts.count)
        addProduct(kept.logitsGradient, labels, kept.kept, shape.outputs, texts, at: layout.head, scratch.words)
        arithmetic.kernels.add_rows(values.start + layout.headBias, kept.logitsGradient, labels, texts, labels)
    }

    /// Adds yᵀ x to the gradients at an offset, where y is (rows, outputs) and x is (rows, inputs).
    private func addProduct(
        _ y: Floats, _ outputs: Int, _ x: Floats, _ inputs: Int, _ rows: Int, at offset: Int, _ words: Words
    ) {
        guard rows > 0 else { return }
        let right = words + arithmetic.columnWords(rows, outputs)
        arithmetic.kernels.pack_columns(words, y, outputs, rows, outputs)
        arithmetic.kernels.pack_columns(right, x, inputs, rows, inputs)
        arithmetic.kernels.multiply(
            values.start + offset, inputs, words, training_left_columns, right, nil, 1, outputs, inputs, rows)
    }
}
