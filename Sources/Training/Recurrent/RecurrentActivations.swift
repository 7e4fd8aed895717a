import CTraining

/// What the passes of some texts keep: one value or more for each word.
final class RecurrentActivations: @unchecked Sendable {
    /// What a layer keeps in one direction, with the rows in the order in which the direction reads them.
    struct Direction {
        /// (rows, inputs); forwards, this is the input of the layer itself.
        var input: Floats
        /// (rows, 4 · units): the gates, and after the backward pass the gradients of their sums.
        var gates: Floats
        /// (rows, units): the states of the cells, their tanh, the outputs, and the gradients of the outputs.
        var state, bent, output, gradient: Floats
        /// (texts, units): the gradients of the states.
        var stateGradient: Floats
        /// (rows, inputs): the gradient of the input.
        var inputGradient: Floats
        /// Packed rows.
        var words: Words
    }

    /// The inputs of each layer and the outputs of the last one, (rows, inputs), with the words of texts forwards.
    private(set) var inputs: [Floats] = []
    /// What each layer keeps, (layers, directions).
    private(set) var layers: [[Direction]] = []
    /// The gradient of the outputs of a layer, (rows, the widest input or output).
    private(set) var gradient: Floats
    /// (texts, outputs): the pooled outputs, what dropout leaves of them, and their gradient.
    private(set) var pooled, kept, pooledGradient: Floats
    /// (texts, outputs): the row of the largest output.
    private(set) var largest: UnsafeMutablePointer<Int32>
    /// (texts, labels): the logits and their gradient.
    private(set) var logits, logitsGradient: Floats

    private let shape: RecurrentShape
    private let arithmetic: Arithmetic
    private var floats = Storage<Float>(0, repeating: 0)
    private var words = Storage<UInt32>(0, repeating: 0)
    private var integers = Storage<Int32>(0, repeating: 0)
    private var capacity = (rows: -1, texts: -1)

    init(_ shape: RecurrentShape, _ arithmetic: Arithmetic) {
        (self.shape, self.arithmetic) = (shape, arithmetic)
        let none = floats.start
        (gradient, pooled, kept, pooledGradient, logits, logitsGradient) = (none, none, none, none, none, none)
        largest = integers.start
    }

    /// Makes room for some texts.
    func reserve(_ steps: TextSteps) {
        guard steps.rows > capacity.rows || steps.texts.count > capacity.texts else { return }
        capacity = (max(steps.rows * 5 / 4, capacity.rows), max(steps.texts.count, capacity.texts))
        let (rows, texts, units) = (capacity.rows, capacity.texts, shape.units)
        let widest = max(shape.width, shape.outputs)
        let perRow = (1 + shape.layers) * widest + widest + shape.layers * shape.directions * (8 * units + 2 * widest)
        let perText = 3 * shape.outputs + 2 * shape.labels + shape.layers * shape.directions * units
        floats = Storage(rows * perRow + texts * perText, repeating: 0)
        integers = Storage(texts * shape.outputs, repeating: 0)
        let wordCount = arithmetic.rowWords(max(rows, texts), max(widest, 4 * units))
        words = Storage(shape.layers * shape.directions * wordCount, repeating: 0)
        var (next, nextWords) = (floats.start, words.start)
        func take(_ count: Int) -> Floats {
            defer { next += count }
            return next
        }
        inputs = (0...shape.layers).map { _ in take(rows * widest) }
        gradient = take(rows * widest)
        layers = (0..<shape.layers).map { layer in
            (0..<shape.directions).map { direction in
                defer { nextWords += wordCount }
                let reversed = take(rows * widest)
                return Direction(
                    input: direction == 0 ? inputs[layer] : reversed, gates: take(4 * rows * units),
                    state: take(rows * units), bent: take(rows * units), output: take(rows * units),
                    gradient: take(rows * units), stateGradient: take(texts * units),
                    inputGradient: take(rows * widest), words: nextWords)
            }
        }
        (pooled, kept, pooledGradient) = (
            take(texts * shape.outputs), take(texts * shape.outputs), take(texts * shape.outputs)
        )
        (logits, logitsGradient) = (take(texts * shape.labels), take(texts * shape.labels))
        largest = integers.start
    }
}
