import CTraining

/// The gradients of all parameters, added up over the batches of a step.
final class WeightGradients: @unchecked Sendable {
    /// A gradient for each parameter.
    ///
    /// Those of tables are zero in all rows that are not in `tokenRows` or below `positionRows`.
    let values: Storage<Float>
    /// The rows of the table of tokens that the texts of the step use, sorted.
    private(set) var tokenRows: [Int32] = []
    /// The number of positions that the texts of the step use.
    private(set) var positionRows = 0
    private var words: [Storage<UInt32>] = []

    /// The rows of the tables of tokens and positions that the texts of the step use.
    var rows: [[Int]] { [tokenRows.map(Int.init), Array(0..<positionRows)] }

    init(_ layout: ParameterLayout) {
        values = Storage(layout.count, repeating: 0)
    }

    /// Forgets the gradients of the last step.
    ///
    /// - Parameters:
    ///   - layout: The layout of the parameters.
    ///   - texts: All texts of the next step.
    func reset(_ layout: ParameterLayout, for texts: some Collection<[Int32]>) {
        let width = layout.tensors[0].shape[1]
        for row in tokenRows { (values.start + layout.tokens + Int(row) * width).update(repeating: 0, count: width) }
        (values.start + layout.positions).update(repeating: 0, count: positionRows * width)
        let rest = layout.segments ?? layout.embeddingsNorm
        (values.start + rest).update(repeating: 0, count: layout.count - rest)
        tokenRows = Set(texts.joined()).sorted()
        positionRows = texts.map(\.count).max() ?? 0
    }

    /// Adds the gradients of one batch, after its backward pass.
    ///
    /// - Parameters:
    ///   - pass: The passes of the batch.
    ///   - batch: The texts.
    ///   - frozen: The depths that are not learned: 1 for the embeddings, and more for layers.
    func add(_ pass: EncoderPass, _ batch: TextBatch, frozen: Int) {
        let firstLayer = max(0, frozen - 1)
        let shape = pass.shape
        if words.isEmpty || words[0].count < wordCount(pass, batch.tokens) {
            let count = wordCount(pass, batch.tokens * 9 / 8)
            words = []
            words = (0..<pass.arithmetic.threads).map { _ in Storage(count, repeating: 0) }
        }
        // The largest matrices come first, so that all threads end at about the same time.
        let matrices = [2, 3, 0, 1].flatMap { part in (firstLayer..<shape.layers).map { ($0, part) } }
        pass.arithmetic.perform(matrices.count + 1) { task, thread in
            if task < matrices.count {
                addMatrix(pass, batch, layer: matrices[task].0, part: matrices[task].1, words[thread])
            } else {
                addNorms(pass, batch, frozen: frozen)
                if frozen == 0 { addEmbeddings(pass, batch) }
            }
        }
    }

    private func wordCount(_ pass: EncoderPass, _ tokens: Int) -> Int {
        let (width, inner) = (pass.shape.width, pass.shape.inner)
        return pass.arithmetic.columnWords(tokens, max(3 * width, inner))
            + pass.arithmetic.columnWords(tokens, max(width, inner))
    }

    /// dW = dYᵀ X and db = Σ dY.
    private func addMatrix(
        _ pass: EncoderPass, _ batch: TextBatch, layer: Int, part: Int, _ words: Storage<UInt32>
    ) {
        let (kernels, kept, offsets) = (pass.kernels, pass.kept.layers[layer], pass.layout.layers[layer])
        let matrix = pass.packed.layers[layer][part]
        let (x, gradient, bias) = [
            (kept.input, kept.queriesGradient, offsets.queryBias),
            (kept.attended, kept.outputGradient, offsets.outputBias),
            (kept.middle, kept.upGradient, offsets.upBias), (kept.up, kept.downGradient, offsets.downBias),
        ][part]
        let left = words.start
        let right = left + pass.arithmetic.columnWords(batch.tokens, matrix.outputs)
        kernels.pack_columns(left, gradient, matrix.outputs, batch.tokens, matrix.outputs)
        kernels.pack_columns(right, x, matrix.inputs, batch.tokens, matrix.inputs)
        kernels.multiply(
            values.start + matrix.offset, matrix.inputs, left, training_left_columns, right, nil, 1, matrix.outputs,
            matrix.inputs, batch.tokens)
        kernels.add_rows(values.start + bias, gradient, matrix.outputs, batch.tokens, matrix.outputs)
    }

    /// Adds the sums of the chunks, one chunk after the other.
    private func addNorms(_ pass: EncoderPass, _ batch: TextBatch, frozen: Int) {
        let (width, norms) = (pass.shape.width, pass.kept.norms)
        for number in 0..<norms where (number + 1) / 2 >= frozen {
            let offset =
                number == 0
                ? pass.layout.embeddingsNorm
                : number % 2 == 1
                    ? pass.layout.layers[(number - 1) / 2].attentionNorm
                    : pass.layout.layers[(number - 1) / 2].outputNorm
            pass.kernels.add_rows(
                values.start + offset, pass.kept.normGradients + number * 2 * width, norms * 2 * width,
                batch.chunks.count, 2 * width)
        }
    }

    /// Adds the gradient of each token to the rows of the tables that it has used.
    private func addEmbeddings(_ pass: EncoderPass, _ batch: TextBatch) {
        let (width, layout, gradient) = (pass.shape.width, pass.layout, pass.kept.output)
        for text in 0..<batch.count {
            for (position, row) in batch.rows(of: text).enumerated() {
                let from = gradient + row * width
                pass.kernels.add(values.start + layout.tokens + Int(batch.ids[row]) * width, from, width)
                pass.kernels.add(values.start + layout.positions + position * width, from, width)
            }
        }
        if let segments = layout.segments {
            pass.kernels.add_rows(values.start + segments, gradient, width, batch.tokens, width)
        }
    }
}
