import CKernels
import ModelFile

/// The memory that a pass of a recurrent model writes to.
final class RecurrentBuffers {
    /// The most texts that go through the model together.
    static let texts = 16
    /// Texts go through the model together if they have no more words than this, or one text alone.
    static let words = 1024

    var words = WordRows.Buffers()
    let kernels: UnsafePointer<kernels>
    /// The input and the output of a layer, (words, the widest input), with the words of texts forwards.
    private(set) var input, output: Matrix
    /// The input in the order of a direction.
    let ordered: Matrix
    /// The quantized form of the input, and of the outputs of a step.
    let quantized, quantizedStep: QuantizedRows
    /// The sums of the gates that the inputs make, (words, 4 · units padded to 16), and those of the units at a step.
    let sums, stepSums: Matrix
    /// The outputs of a direction, (words, units).
    let outputs: UnsafeMutablePointer<Float>
    /// The states of all texts, (texts, units).
    let state: UnsafeMutablePointer<Float>
    /// (texts, the widest of the pooled vector, the hidden layers and the head), twice.
    let pooled, other: Matrix
    /// Zeros instead of biases, (4 · units padded to 16).
    let zeros: UnsafeMutablePointer<Float>
    private let memory: UnsafeMutablePointer<Float>

    /// Allocates memory for texts of up to `limit` words.
    init(_ schema: RecurrentSchema, limit: Int, _ options: WorkerOptions) {
        let sizes = schema.sizes
        let (rows, gates) = (max(limit, Self.words), (4 * sizes.units).roundedUp(to: 16))
        let widest = max(schema.width, sizes.outputs)
        let widestHead = schema.dense.reduce(sizes.outputs) { max($0, $1.outputs) }
        kernels = options.instructionSet.kernels
        quantized = QuantizedRows(capacity: rows, stride: widest.roundedUp(to: 8))
        quantizedStep = QuantizedRows(capacity: Self.texts, stride: sizes.units.roundedUp(to: 8))
        let count =
            rows * (3 * widest + gates + sizes.units) + Self.texts * (gates + sizes.units + 2 * widestHead) + gates
        memory = .allocate(capacity: count)
        memory.initialize(repeating: 0, count: count)
        var next = memory
        func take(_ rows: Int, _ width: Int) -> Matrix {
            defer { next += rows * width }
            return Matrix(start: next, stride: width)
        }
        (input, output, ordered) = (take(rows, widest), take(rows, widest), take(rows, widest))
        (sums, stepSums) = (take(rows, gates), take(Self.texts, gates))
        outputs = take(rows, sizes.units).start
        state = take(Self.texts, sizes.units).start
        (pooled, other) = (take(Self.texts, widestHead), take(Self.texts, widestHead))
        zeros = take(1, gates).start
    }

    /// Lets the output of a layer be the input of the next one.
    func swapLayers() { swap(&input, &output) }

    deinit { memory.deallocate() }
}
