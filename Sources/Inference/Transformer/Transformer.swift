import ModelFile

/// BERT and models that are built like it: embeddings, then layers of one form, pooled into one row for each text.
///
/// A pass takes the tokens of several texts in sequence, without padding. A linear layer works on all rows at once,
/// and attention on the rows of one text. Each row is computed from its own text alone, so an answer has the same
/// bits whatever batch it arrives in.
///
/// - Source: Devlin et al. 2018, arXiv:1810.04805; Sanh et al. 2019, arXiv:1910.01108.
struct Transformer: Sendable {
    let schema: TransformerSchema
    private let embeddings: Embeddings
    private let layers: [Layer]

    /// Opens the encoder in a model file.
    ///
    /// - Parameters:
    ///   - file: The file.
    ///   - schema: The keys and tensors of the model.
    ///   - tokenizer: The tokenizer that makes the ids, which must be rows of the token table.
    /// - Throws: `ModelFileError` if a tensor is missing or not valid.
    init(_ file: ModelFile, _ schema: TransformerSchema, _ tokenizer: Tokenizer) throws(ModelFileError) {
        guard tokenizer.vocabulary <= schema.vocabulary else {
            throw .invalid(
                path: file.path,
                reason: "its tokenizer has \(tokenizer.vocabulary) tokens, but its token table has \(schema.vocabulary)"
            )
        }
        self.schema = schema
        embeddings = try Embeddings(file, schema)
        var layers: [Layer] = []
        let biases = try DistanceBiases(file, schema)
        for index in 0..<schema.layers {
            layers.append(try Layer(file, schema.layer(index), of: schema, biases))
        }
        self.layers = layers
    }

    /// A function that is called with each intermediate result of a pass: its name, rows and width.
    typealias Observer = (_ name: String, _ values: Matrix, _ rows: Int, _ width: Int) -> Void

    /// The rows that the last layer computes.
    enum LastLayer {
        /// Only the rows that are pooled.
        case pooledRows
        /// All rows, which tests compare with a reference.
        case allRows
    }

    /// Pools each text into one row of `workspace.pooled`.
    ///
    /// - Parameters:
    ///   - batch: The tokens; at most `workspace.capacity`, and each below `schema.vocabulary`.
    ///   - threads: The number of threads that work on the pass.
    ///   - workspace: The memory to write to.
    ///   - lastLayer: The rows that the last layer computes.
    ///   - observe: Called with each intermediate result.
    func pool(
        _ batch: Batch, threads: Int, _ workspace: Workspace, lastLayer: LastLayer = .pooledRows,
        observe: Observer? = nil
    ) {
        let tokens = batch.ids.count
        precondition(tokens <= workspace.capacity, "\(tokens) tokens, room for \(workspace.capacity)")
        // Rows other than the first are not needed after the keys and values of the last layer.
        let firstOnly = schema.pooling == .first && lastLayer == .pooledRows
        withoutActuallyEscaping(observe ?? { _, _, _, _ in }) { observer in
            let observe = observe == nil ? nil : observer
            workspace.team.run(threads: threads) { share in
                encode(batch, firstOnly: firstOnly, share, workspace, observe: observe)
            }
        }
        for text in 0..<batch.texts {
            let pooled = workspace.pooled.from(row: text)
            let rows = batch.rows(of: text)
            switch schema.pooling {
            case .first:
                let row = firstOnly ? text : rows.lowerBound
                pooled.start.update(from: workspace.hidden.from(row: row).start, count: schema.width)
            case .mean:
                mean(of: workspace.hidden.from(row: rows.lowerBound), rows: rows.count, into: pooled)
            }
        }
    }

    /// Runs all layers on one thread's share of the rows and columns.
    private func encode(
        _ batch: Batch, firstOnly: Bool, _ share: Share, _ workspace: Workspace, observe: Observer?
    ) {
        let part = share.part(of: batch.ids.count)
        embeddings(batch, share, workspace)
        layers[0].prepare(part, workspace)
        share.join()
        if share.isFirst { observe?("hidden.0", workspace.hidden, batch.ids.count, schema.width) }
        for (index, layer) in layers.enumerated() {
            let isLast = index == layers.count - 1
            let firstOnly = firstOnly && isLast
            let observeLayer: Observer? = observe.map { observe in { observe("\($0).\(index)", $1, $2, $3) } }
            layer(
                batch, firstOnly: firstOnly, next: isLast ? nil : layers[index + 1], share, workspace,
                observe: observeLayer)
            if share.isFirst {
                let rows = firstOnly ? batch.texts : batch.ids.count
                observe?("hidden.\(index + 1)", workspace.hidden, rows, schema.width)
            }
        }
    }

    private func mean(of rows: Matrix, rows count: Int, into out: Matrix) {
        for i in 0..<schema.width {
            var sum: Float = 0
            for row in 0..<count { sum += rows.start[row * rows.stride + i] }
            out.start[i] = sum / Float(count)
        }
    }
}
