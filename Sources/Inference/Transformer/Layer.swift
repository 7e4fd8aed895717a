import CKernels
import ModelFile

/// One layer of the encoder: attention, then a feed-forward network, each followed by a residual and a normalization.
struct Layer: Sendable {
    private let width: Int
    private let heads: Int
    private let activation: TransformerVariant.Activation
    private let biases: DistanceBiases?
    private let query, key, value, output: Linear
    private let attentionNorm: LayerNorm
    private let up, down: Linear
    private let outputNorm: LayerNorm

    init(
        _ file: ModelFile, _ schema: LayerSchema, of transformer: TransformerSchema, _ biases: DistanceBiases?
    ) throws(ModelFileError) {
        heads = transformer.heads
        width = transformer.width
        activation = transformer.variant.activation
        self.biases = biases
        query = try Linear(file, schema.query)
        key = try Linear(file, schema.key)
        value = try Linear(file, schema.value)
        output = try Linear(file, schema.output)
        attentionNorm = try LayerNorm(file, schema.attentionNorm)
        up = try Linear(file, schema.up)
        down = try Linear(file, schema.down)
        outputNorm = try LayerNorm(file, schema.outputNorm)
    }

    /// Quantizes one thread's share of the rows that this layer reads first.
    ///
    /// A `join` must follow before the layer runs.
    func prepare(_ rows: Range<Int>, _ workspace: Workspace) { quantize(workspace.hidden, rows, for: key, workspace) }

    /// Replaces the hidden states, (tokens, width), by the output of this layer.
    ///
    /// Every thread of the pass calls it.
    ///
    /// - Parameters:
    ///   - batch: The tokens.
    ///   - firstOnly: Computes only the first row of each text, and leaves these rows as rows 0, 1, …
    ///   - next: The next layer, for which the output is quantized.
    ///   - share: The rows and columns of the calling thread.
    ///   - workspace: The memory to write to.
    ///   - observe: Called by one thread with each intermediate result.
    func callAsFunction(
        _ batch: Batch, firstOnly: Bool, next: Layer?, _ share: Share, _ workspace: Workspace,
        observe: Transformer.Observer?
    ) {
        let tokens = batch.ids.count
        let texts = batch.texts
        let rows = firstOnly ? texts : tokens
        let (hidden, residual, context) = (workspace.hidden, workspace.residual, workspace.context)
        let columns = share.part(of: width, step: 16)
        let part = share.part(of: rows)
        let observe = share.isFirst ? observe : nil

        // Keys and values are computed for every token, but queries only for the rows that are needed. If several texts
        // need only their first rows, these rows are gathered before the queries. In all other cases the rows are in
        // place, and the weights are read in file order, in which the kernels fetch them in advance.
        let mustGather = firstOnly && texts > 1
        if !mustGather { query(hidden, rows: rows, into: workspace.query, columns: columns, workspace) }
        key(hidden, rows: tokens, into: workspace.key, columns: columns, workspace)
        value(hidden, rows: tokens, into: workspace.value, columns: columns, workspace)
        if mustGather {
            share.join()
            if share.isFirst { gatherFirstRows(batch, workspace) }
            share.join()
            query(hidden, rows: rows, into: workspace.query, columns: columns, workspace)
        }
        share.join()
        observe?("query", workspace.query, rows, width)
        observe?("key", workspace.key, tokens, width)
        observe?("value", workspace.value, tokens, width)

        // context = softmax(q · kᵀ / √headDim + biases) · v, within each text.
        attend(part, batch, firstOnly: firstOnly, share, workspace)
        quantize(context, part, for: output, workspace)
        share.join()
        observe?("context", context, rows, width)

        // hidden = norm(hidden + output(context))
        output(context, rows: rows, into: residual, columns: columns, workspace)
        share.join()
        attentionNorm(hidden, rows: part, adding: residual, workspace)
        quantize(hidden, part, for: up, workspace)
        share.join()
        observe?("attended", hidden, rows, width)

        // hidden = norm(hidden + down(activation(up(hidden))))
        let inner = workspace.inner
        let innerColumns = share.part(of: up.outputs, step: 16)
        up(hidden, rows: rows, into: inner, columns: innerColumns, activation: activation, workspace)
        share.join()
        observe?("inner", inner, rows, up.outputs)
        quantize(inner, part, for: down, workspace)
        share.join()
        down(inner, rows: rows, into: residual, columns: columns, workspace)
        share.join()
        outputNorm(hidden, rows: part, adding: residual, workspace)
        next?.prepare(part, workspace)
        share.join()
    }

    /// Moves the first row of each text to rows 0, 1, …, and quantizes them for the queries.
    private func gatherFirstRows(_ batch: Batch, _ workspace: Workspace) {
        let hidden = workspace.hidden
        for text in 0..<batch.texts where batch.starts[text] != text {
            hidden.from(row: text).start.update(from: hidden.from(row: batch.starts[text]).start, count: width)
        }
        quantize(hidden, 0..<batch.texts, for: query, workspace)
    }

    /// Computes the attention for one thread's rows, in every text to which they belong.
    private func attend(
        _ part: Range<Int>, _ batch: Batch, firstOnly: Bool, _ share: Share, _ workspace: Workspace
    ) {
        for text in 0..<batch.texts {
            let all = batch.rows(of: text)
            let first = all.lowerBound
            let rows = (firstOnly ? text..<text + 1 : all).clamped(to: part)
            guard !rows.isEmpty else { continue }
            workspace.kernels.pointee.attention(
                workspace.context.from(row: rows.lowerBound).start, workspace.context.stride,
                workspace.query.from(row: rows.lowerBound).start, workspace.query.stride,
                workspace.key.from(row: first).start, workspace.value.from(row: first).start, workspace.key.stride,
                all.count, rows.count, heads, width / heads,
                biases?.address(of: firstOnly ? 0 : rows.lowerBound - first), biases?.distances ?? 0,
                workspace.scratch(of: share))
        }
    }

    private func quantize(_ x: Matrix, _ rows: Range<Int>, for linear: Linear, _ workspace: Workspace) {
        if linear.isQuantized { workspace.quantized.quantize(x, rows: rows, width: linear.inputs, workspace.kernels) }
    }
}
