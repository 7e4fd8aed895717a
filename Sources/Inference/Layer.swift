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
        workspace.inParallel { [self] share in quantize(hidden, share.part(of: tokens), for: key, workspace) }
        workspace.inParallel { [self] share in
            let columns = share.part(of: width, step: 16)
            key(hidden, rows: tokens, into: workspace.key, columns: columns, workspace)
            value(hidden, rows: tokens, into: workspace.value, columns: columns, workspace)
            if !firstOnly { query(hidden, rows: tokens, into: workspace.query, columns: columns, workspace) }
        }
        if firstOnly {
            for text in 0..<texts where starts[text] != text {
                hidden.from(row: text).start.update(from: hidden.from(row: starts[text]).start, count: width)
            }
            quantize(hidden, 0..<texts, for: query, workspace)
            workspace.inParallel { [self] share in
                let columns = share.part(of: width, step: 16)
                query(hidden, rows: texts, into: workspace.query, columns: columns, workspace)
            }
        }
        observe("query", workspace.query, rows, width)
        observe("key", workspace.key, tokens, width)
        observe("value", workspace.value, tokens, width)

        // context = softmax(q · kᵀ / √headDim) · v, within each text.
        workspace.inParallel { [self] share in
            attend(starts: starts, firstOnly: firstOnly, heads: heads, share, workspace)
        }
        observe("context", context, rows, width)

        // hidden = norm(hidden + output(context))
        workspace.inParallel { [self] share in quantize(context, share.part(of: rows), for: output, workspace) }
        workspace.inParallel { [self] share in
            output(context, rows: rows, into: residual, columns: share.part(of: width, step: 16), workspace)
        }
        workspace.inParallel { [self] share in
            let part = share.part(of: rows)
            attentionNorm(hidden, rows: part, adding: residual, epsilon: epsilon, workspace)
            quantize(hidden, part, for: up, workspace)
        }
        observe("attended", hidden, rows, width)

        // hidden = norm(hidden + down(gelu(up(hidden))))
        let inner = workspace.inner
        workspace.inParallel { [self] share in
            let columns = share.part(of: up.outputs, step: 16)
            up(hidden, rows: rows, into: inner, columns: columns, workspace)
            for row in 0..<rows {
                workspace.kernels.pointee.gelu(inner.from(row: row).start + columns.lowerBound, columns.count)
            }
        }
        observe("inner", inner, rows, up.outputs)
        workspace.inParallel { [self] share in quantize(inner, share.part(of: rows), for: down, workspace) }
        workspace.inParallel { [self] share in
            down(inner, rows: rows, into: residual, columns: share.part(of: width, step: 16), workspace)
        }
        workspace.inParallel { [self] share in
            outputNorm(hidden, rows: share.part(of: rows), adding: residual, epsilon: epsilon, workspace)
        }
    }

    /// The heads of one thread's share, in every text.
    private func attend(starts: [Int], firstOnly: Bool, heads: Int, _ share: Workspace.Share, _ workspace: Workspace) {
        let part = share.part(of: heads)
        let headDim = width / heads
        let column = part.lowerBound * headDim
        for text in 0..<starts.count - 1 {
            let first = starts[text]
            let tokens = starts[text + 1] - first
            let row = firstOnly ? text : first
            workspace.kernels.pointee.attention(
                workspace.context.from(row: row).start + column, workspace.context.stride,
                workspace.query.from(row: row).start + column, workspace.query.stride,
                workspace.key.from(row: first).start + column, workspace.value.from(row: first).start + column,
                workspace.key.stride, tokens, firstOnly ? 1 : tokens, part.count, headDim, workspace.scratch(of: share))
        }
    }

    private func quantize(_ x: Matrix, _ rows: Range<Int>, for linear: Linear, _ workspace: Workspace) {
        if linear.isQuantized { workspace.quantize(x, rows: rows, width: linear.inputs) }
    }
}
