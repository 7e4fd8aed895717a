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
    }

    /// Replaces the hidden states, (tokens, width), by those behind this layer.
    ///
    /// - Parameter firstOnly: computes only the first row of each text, and leaves them as rows 0, 1, …
    func callAsFunction(
        starts: [Int], firstOnly: Bool, heads: Int, epsilon: Float, _ workspace: Workspace,
        observe: Transformer.Observer
    ) {
        let tokens = starts[starts.count - 1]
        let texts = starts.count - 1
        let rows = firstOnly ? texts : tokens
        let (hidden, residual, context) = (workspace.hidden, workspace.residual, workspace.context)

        // Keys and values of every token; queries of those whose rows are wanted.
        quantize(hidden, rows: tokens, for: key, workspace)
        key(hidden, rows: tokens, into: workspace.key, workspace)
        value(hidden, rows: tokens, into: workspace.value, workspace)
        if firstOnly {
            for text in 0..<texts where starts[text] != text {
                hidden.from(row: text).start.update(from: hidden.from(row: starts[text]).start, count: width)
            }
            quantize(hidden, rows: rows, for: query, workspace)
        }
        query(hidden, rows: rows, into: workspace.query, workspace)
        observe("query", workspace.query, rows, width)
        observe("key", workspace.key, tokens, width)
        observe("value", workspace.value, tokens, width)

        // context = softmax(q · kᵀ / √headDim) · v, within each text.
        for text in 0..<texts {
            let first = starts[text]
            let row = firstOnly ? text : first
            workspace.kernels.pointee.attention(
                context.from(row: row).start, context.stride, workspace.query.from(row: row).start,
                workspace.query.stride,
                workspace.key.from(row: first).start, workspace.value.from(row: first).start, workspace.key.stride,
                starts[text + 1] - first, firstOnly ? 1 : starts[text + 1] - first, heads, width / heads,
                workspace.scratch)
        }
        observe("context", context, rows, width)

        // hidden = norm(hidden + output(context))
        quantize(context, rows: rows, for: output, workspace)
        output(context, rows: rows, into: residual, workspace)
        attentionNorm(hidden, rows: rows, adding: residual, epsilon: epsilon, workspace)
        observe("attended", hidden, rows, width)

        // hidden = norm(hidden + down(gelu(up(hidden))))
        let inner = workspace.inner
        quantize(hidden, rows: rows, for: up, workspace)
        up(hidden, rows: rows, into: inner, workspace)
        for row in 0..<rows { workspace.kernels.pointee.gelu(inner.from(row: row).start, up.outputs) }
        observe("inner", inner, rows, up.outputs)
        quantize(inner, rows: rows, for: down, workspace)
        down(inner, rows: rows, into: residual, workspace)
        outputNorm(hidden, rows: rows, adding: residual, epsilon: epsilon, workspace)
    }

    private func quantize(_ x: Matrix, rows: Int, for linear: Linear, _ workspace: Workspace) {
        if linear.isQuantized { workspace.quantize(x, rows: rows, width: linear.inputs) }
    }
}
