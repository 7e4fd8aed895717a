import CTraining

extension ChunkPass {
    /// Computes the gradients of one layer, from the one of its output in `kept.output`, which that of its input replaces.
    ///
    /// - Parameters:
    ///   - layer: The layer.
    ///   - norms: The sums of this chunk for the gains and offsets of all norms.
    ///   - needsInput: Whether the gradient of the input is needed.
    func backward(_ layer: Int, norms: Floats, needsInput: Bool) {
        let (kept, offsets) = (pass.kept.layers[layer], pass.layout.layers[layer])
        let (matrices, first) = (pass.packed.layers[layer], chunk.rows.lowerBound)
        let gradient = pass.kept.output + first * width
        let up = kept.up + first * shape.inner

        // The second part: the norm, and the sum of the feed-forward part and its input.
        norm(gradient, offsets.outputNorm, kept.outputNorm, kept.outputSpread, into: norms, number: 2 * layer + 2)
        let down = kept.downGradient + first * width
        down.update(from: gradient, count: rows * width)
        drop(down, .output(layer: layer))
        let upGradient = kept.upGradient + first * shape.inner
        multiply(upGradient, down, inputs: width, by: matrices[3].backward, outputs: shape.inner)
        kernels.gelu_backward(upGradient, up, rows * shape.inner)
        kernels.gelu(up, up, rows * shape.inner)
        multiply(workspace.narrow.start, upGradient, inputs: shape.inner, by: matrices[2].backward, outputs: width)
        kernels.add(gradient, workspace.narrow.start, rows * width)

        // The first part: the norm, and the sum of attention and its input.
        norm(
            gradient, offsets.attentionNorm, kept.attentionNorm, kept.attentionSpread, into: norms,
            number: 2 * layer + 1)
        let output = kept.outputGradient + first * width
        output.update(from: gradient, count: rows * width)
        drop(output, .attentionOutput(layer: layer))
        let attended = workspace.other.start
        multiply(attended, output, inputs: width, by: matrices[1].backward, outputs: width)
        for text in chunk.texts {
            let rows = batch.rows(of: text)
            kernels.attention_backward(
                kept.queriesGradient + rows.lowerBound * 3 * width, attended + (rows.lowerBound - first) * width, width,
                kept.shares + batch.squares[text], mask(text, layer), kept.queries + rows.lowerBound * 3 * width,
                3 * width, rows.count, shape.heads, shape.headWidth, workspace.attention.start)
        }
        guard needsInput else { return }
        multiply(
            workspace.narrow.start, kept.queriesGradient + first * 3 * width, inputs: 3 * width,
            by: matrices[0].backward, outputs: width)
        kernels.add(gradient, workspace.narrow.start, rows * width)
    }

    /// Turns the gradient of the first layer's input into that of the sum of embeddings.
    func backwardOfEmbeddings(norms: Floats) {
        drop(pass.kept.output + chunk.rows.lowerBound * width, .embeddings)
        norm(
            pass.kept.output + chunk.rows.lowerBound * width, pass.layout.embeddingsNorm, pass.kept.embeddingsNorm,
            pass.kept.embeddingsSpread, into: norms, number: 0)
    }

    /// Replaces the gradient of a norm's output by that of its input.
    private func norm(
        _ gradient: Floats, _ gain: Int, _ normalized: Floats, _ spread: Floats, into norms: Floats, number: Int
    ) {
        let sums = norms + number * 2 * width
        kernels.layer_norm_backward(
            gradient, sums, sums + width, gradient, normalized + chunk.rows.lowerBound * width,
            spread + chunk.rows.lowerBound, pass.parameters + gain, rows, width)
    }
}
