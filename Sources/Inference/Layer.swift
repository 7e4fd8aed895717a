import CKernels
import ModelFile

/// One layer of the encoder: attention, then a feed-forward network, each with a residual and a norm behind it.
struct Layer: Sendable {
    private let width: Int
    private let query, key, value, output: Linear
    private let attentionNorm: LayerNorm
    private let up, down: Linear
    private let outputNorm: LayerNorm

    init(_ file: ModelFile, _ name: String, _ shape: Transformer.Shape) throws(ModelFileError) {
        width = shape.width
        query = try Linear(file, "\(name).attention.query", inputs: shape.width, outputs: shape.width)
        key = try Linear(file, "\(name).attention.key", inputs: shape.width, outputs: shape.width)
        value = try Linear(file, "\(name).attention.value", inputs: shape.width, outputs: shape.width)
        output = try Linear(file, "\(name).attention.output", inputs: shape.width, outputs: shape.width)
        attentionNorm = try LayerNorm(file, "\(name).attention.norm", width: shape.width)
        up = try Linear(file, "\(name).feed_forward.up", inputs: shape.width, outputs: shape.inner)
        down = try Linear(file, "\(name).feed_forward.down", inputs: shape.inner, outputs: shape.width)
        outputNorm = try LayerNorm(file, "\(name).feed_forward.norm", width: shape.width)
        guard key.isQuantized == query.isQuantized, key.isQuantized == value.isQuantized else {
            throw .invalid(
                path: file.path, reason: "of '\(name).attention' some weights are quantized and some are not")
        }
    }

    /// Quantizes one thread's part of the rows that this layer reads first; `callAsFunction` follows behind a `join`.
    func prepare(_ rows: Range<Int>, _ workspace: Workspace) { quantize(workspace.hidden, rows, for: key, workspace) }

    /// Replaces the hidden states, (tokens, width), by those behind this layer; called by every thread of the pass.
    ///
    /// - Parameters:
    ///   - firstOnly: computes only the first row of each text, and leaves them as rows 0, 1, …
    ///   - next: the layer that reads them; prepared on the way.
    ///   - observe: called by one thread.
    func callAsFunction(
        starts: [Int], firstOnly: Bool, heads: Int, epsilon: Float, next: Layer?, _ share: Workspace.Share,
        _ workspace: Workspace, observe: Transformer.Observer?
    ) {
        let tokens = starts[starts.count - 1]
        let texts = starts.count - 1
        let rows = firstOnly ? texts : tokens
        let (hidden, residual, context) = (workspace.hidden, workspace.residual, workspace.context)
        let columns = share.part(of: width, step: 16)
        let part = share.part(of: rows)
        let observe = share.isFirst ? observe : nil

        // Keys and values of every token; queries of those whose rows are wanted. Of one text that is row 0, in its place.
        // Where nothing forbids it they are read in the order of the file, which is fetched ahead.
        let mustGather = firstOnly && texts > 1
        if !mustGather { query(hidden, rows: rows, into: workspace.query, columns: columns, workspace) }
        key(hidden, rows: tokens, into: workspace.key, columns: columns, workspace)
        value(hidden, rows: tokens, into: workspace.value, columns: columns, workspace)
        if mustGather {
            share.join()
            if share.isFirst {
                for text in 0..<texts where starts[text] != text {
                    hidden.from(row: text).start.update(from: hidden.from(row: starts[text]).start, count: width)
                }
                quantize(hidden, 0..<texts, for: query, workspace)
            }
            share.join()
            query(hidden, rows: rows, into: workspace.query, columns: columns, workspace)
        }
        share.join()
        observe?("query", workspace.query, rows, width)
        observe?("key", workspace.key, tokens, width)
        observe?("value", workspace.value, tokens, width)

        // context = softmax(q · kᵀ / √headDim) · v, within each text.
        attend(part, starts: starts, firstOnly: firstOnly, heads: heads, share, workspace)
        quantize(context, part, for: output, workspace)
        share.join()
        observe?("context", context, rows, width)

        // hidden = norm(hidden + output(context))
        output(context, rows: rows, into: residual, columns: columns, workspace)
        share.join()
        attentionNorm(hidden, rows: part, adding: residual, epsilon: epsilon, workspace)
        quantize(hidden, part, for: up, workspace)
        share.join()
        observe?("attended", hidden, rows, width)

        // hidden = norm(hidden + down(gelu(up(hidden))))
        let inner = workspace.inner
        let innerColumns = share.part(of: up.outputs, step: 16)
        up(hidden, rows: rows, into: inner, columns: innerColumns, activation: kernels_gelu, workspace)
        share.join()
        observe?("inner", inner, rows, up.outputs)
        quantize(inner, part, for: down, workspace)
        share.join()
        down(inner, rows: rows, into: residual, columns: columns, workspace)
        share.join()
        outputNorm(hidden, rows: part, adding: residual, epsilon: epsilon, workspace)
        next?.prepare(part, workspace)
        share.join()
    }

    /// One thread's rows, in every text that they lie in.
    private func attend(
        _ part: Range<Int>, starts: [Int], firstOnly: Bool, heads: Int, _ share: Workspace.Share, _ workspace: Workspace
    ) {
        for text in 0..<starts.count - 1 {
            let first = starts[text]
            let tokens = starts[text + 1] - first
            let rows = (firstOnly ? text..<text + 1 : first..<first + tokens).clamped(to: part)
            guard !rows.isEmpty else { continue }
            workspace.kernels.pointee.attention(
                workspace.context.from(row: rows.lowerBound).start, workspace.context.stride,
                workspace.query.from(row: rows.lowerBound).start, workspace.query.stride,
                workspace.key.from(row: first).start, workspace.value.from(row: first).start, workspace.key.stride,
                tokens, rows.count, heads, width / heads, workspace.scratch(of: share))
        }
    }

    private func quantize(_ x: Matrix, _ rows: Range<Int>, for linear: Linear, _ workspace: Workspace) {
        if linear.isQuantized { workspace.quantize(x, rows: rows, width: linear.inputs) }
    }
}
