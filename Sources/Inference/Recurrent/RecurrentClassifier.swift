import CKernels
import Glibc
import ModelFile

/// The family of recurrent networks: vectors of words, layers of long short-term memory (LSTM), and a head.
struct RecurrentClassifier: Family {
    let schema: RecurrentSchema
    let vectors: WordVectors
    /// The cells, (layers, directions).
    let cells: [[Cell]]
    private let words: WordRows
    private let dense: [(weight: Tensor, bias: Tensor, schema: LinearSchema)]
    private let limit: Int

    init(_ file: ModelFile, _ card: ModelCard) throws(ModelFileError) {
        schema = try RecurrentSchema(file, card)
        limit = card.maxTokens
        words = try WordRows(file, card, schema)
        vectors = try WordVectors(file, schema)
        var cells: [[Cell]] = []
        for layer in schema.cells {
            var directions: [Cell] = []
            for cell in layer { directions.append(try Cell(file, cell)) }
            cells.append(directions)
        }
        self.cells = cells
        var dense: [(weight: Tensor, bias: Tensor, schema: LinearSchema)] = []
        for layer in schema.dense { dense.append((try file.tensor(layer.weight), try file.tensor(layer.bias), layer)) }
        self.dense = dense
    }

    func makeBuffers(_ options: WorkerOptions) -> RecurrentBuffers {
        RecurrentBuffers(schema, limit: limit, options)
    }

    func score(_ texts: [String], in buffers: RecurrentBuffers, threads: Int) -> [FamilyOutput] {
        let found = texts.map { words.read($0, &buffers.words) }
        let logits = logits(found.map(\.rows), buffers)
        return zip(found, logits).map {
            FamilyOutput(logits: $1, tokens: $0.words, isTruncated: $0.isTruncated, unknown: $0.unknown)
        }
    }

    func scoreSample(tokens: Int, in buffers: RecurrentBuffers, threads: Int) -> [Float] {
        logits([(0..<tokens).map { Int32($0 * 7919 % schema.rows) }], buffers)[0]
    }

    /// The logits of texts, which go through the model in groups of similar length.
    private func logits(_ rows: [[Int32]], _ buffers: RecurrentBuffers) -> [[Float]] {
        var logits = [[Float]](repeating: [], count: rows.count)
        var rest = rows.indices.sorted { rows[$0].count > rows[$1].count }[...]
        while let longest = rest.first {
            let most = max(1, RecurrentBuffers.words / max(1, rows[longest].count))
            let group = Array(rest.prefix(min(most, RecurrentBuffers.texts)))
            rest = rest.dropFirst(group.count)
            RecurrentPass(model: self, order: StepOrder(rows, group), buffers: buffers).run()
            for (place, values) in head(group.count, buffers).enumerated() { logits[group[place]] = values }
        }
        return logits
    }

    /// The hidden layers and the head for all texts of a group.
    private func head(_ count: Int, _ buffers: RecurrentBuffers) -> [[Float]] {
        var (from, to) = (buffers.pooled, buffers.other)
        for (index, layer) in dense.enumerated() {
            buffers.kernels.pointee.matmul_f32(
                to.start, to.stride, from.start, from.stride, layer.weight.address(of: Float.self),
                layer.bias.address(of: Float.self), count, layer.schema.outputs, layer.schema.inputs)
            if index < schema.sizes.hidden.count {
                activate(schema.sizes.hidden[index].activation, to, count, layer.schema.outputs)
            }
            swap(&from, &to)
        }
        return (0..<count).map { text in
            let logits = Array(UnsafeBufferPointer(start: from.from(row: text).start, count: schema.outputs))
            return logits.count == 1 ? [0, logits[0]] : logits
        }
    }

    private func activate(_ activation: RecurrentSizes.Activation, _ rows: Matrix, _ count: Int, _ width: Int) {
        guard activation != .linear else { return }
        for row in 0..<count {
            let values = rows.from(row: row).start
            for index in 0..<width {
                values[index] = activation == .tanh ? tanhf(values[index]) : max(0, values[index])
            }
        }
    }
}
