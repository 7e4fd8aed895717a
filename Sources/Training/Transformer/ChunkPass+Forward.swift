import CTraining

extension ChunkPass {
    /// Adds the embeddings of the tokens, which are the input of the first layer.
    func embed() {
        let (parameters, layout, first) = (pass.parameters, pass.layout, chunk.rows.lowerBound)
        let sum = workspace.narrow.start
        for text in chunk.texts {
            for (position, row) in batch.rows(of: text).enumerated() {
                let to = sum + (row - first) * width
                to.update(from: parameters + layout.tokens + Int(batch.ids[row]) * width, count: width)
                if let segments = layout.segments { kernels.add(to, parameters + segments, width) }
                kernels.add(to, parameters + layout.positions + position * width, width)
            }
        }
        let out = (shape.layers > 0 ? pass.kept.layers[0].input : pass.kept.output) + first * width
        norm(sum, layout.embeddingsNorm, out, pass.kept.embeddingsNorm, pass.kept.embeddingsSpread)
        drop(out, .embeddings)
    }

    /// Computes one layer.
    func forward(_ layer: Int) {
        let (kept, offsets) = (pass.kept.layers[layer], pass.layout.layers[layer])
        let (matrices, parameters, first) = (pass.packed.layers[layer], pass.parameters, chunk.rows.lowerBound)
        let (input, queries) = (kept.input + first * width, kept.queries + first * 3 * width)
        let (attended, middle) = (kept.attended + first * width, kept.middle + first * width)
        multiply(
            queries, input, inputs: width, by: matrices[0].forward, outputs: 3 * width,
            bias: parameters + offsets.queryBias)
        for text in chunk.texts {
            let rows = batch.rows(of: text)
            kernels.attention(
                kept.attended + rows.lowerBound * width, width, kept.shares + batch.squares[text], mask(text, layer),
                kept.queries + rows.lowerBound * 3 * width, 3 * width, rows.count, shape.heads, shape.headWidth,
                workspace.attention.start)
        }
        let sum = workspace.narrow.start
        multiply(
            sum, attended, inputs: width, by: matrices[1].forward, outputs: width,
            bias: parameters + offsets.outputBias)
        drop(sum, .attentionOutput(layer: layer))
        kernels.add(sum, input, rows * width)
        norm(sum, offsets.attentionNorm, middle, kept.attentionNorm, kept.attentionSpread)

        let up = kept.up + first * shape.inner
        multiply(
            up, middle, inputs: width, by: matrices[2].forward, outputs: shape.inner, bias: parameters + offsets.upBias)
        kernels.gelu(workspace.wide.start, up, rows * shape.inner)
        multiply(
            sum, workspace.wide.start, inputs: shape.inner, by: matrices[3].forward, outputs: width,
            bias: parameters + offsets.downBias)
        drop(sum, .output(layer: layer))
        kernels.add(sum, middle, rows * width)
        let next = layer + 1 < shape.layers ? pass.kept.layers[layer + 1].input : pass.kept.output
        norm(sum, offsets.outputNorm, next + first * width, kept.outputNorm, kept.outputSpread)
    }

    /// Normalizes the rows of the chunk.
    ///
    /// `normalized` and `spread` begin with the first row of the batch.
    private func norm(_ x: Floats, _ gain: Int, _ out: Floats, _ normalized: Floats, _ spread: Floats) {
        kernels.layer_norm(
            out, normalized + chunk.rows.lowerBound * width, spread + chunk.rows.lowerBound, x, pass.parameters + gain,
            pass.parameters + gain + width, shape.epsilon, rows, width)
    }
}
