import CTraining

/// The forward and backward passes of the encoder over one batch.
///
/// Each thread takes whole chunks of texts through all layers, since texts do not depend on each other. Gradients of
/// weights, which are sums over all tokens, are computed afterwards, each by one thread.
///
/// - Source: Devlin et al. 2018, arXiv:1810.04805.
final class EncoderPass: @unchecked Sendable {
    let shape: EncoderShape
    let layout: ParameterLayout
    let arithmetic: Arithmetic
    let packed: PackedWeights
    /// All parameters, which the optimizer changes.
    let parameters: Floats
    let kept: Activations
    /// One for each thread.
    private(set) var workspaces: [Workspace] = []
    private var longest = 0

    var kernels: training_kernels { arithmetic.kernels }

    init(_ shape: EncoderShape, _ layout: ParameterLayout, _ arithmetic: Arithmetic, parameters: Floats) {
        self.shape = shape
        self.layout = layout
        self.arithmetic = arithmetic
        self.parameters = parameters
        packed = PackedWeights(shape, layout, arithmetic)
        kept = Activations(shape)
    }

    /// Computes the hidden states of all tokens, which are then in `kept.output`.
    ///
    /// - Parameters:
    ///   - batch: The texts.
    ///   - dropout: What is dropped, or nil to drop nothing.
    func forward(_ batch: TextBatch, _ dropout: Dropout?) {
        kept.reserve(batch)
        if batch.longest > longest {
            longest = batch.longest
            workspaces = (0..<arithmetic.threads).map { _ in Workspace(shape, arithmetic, longest: longest) }
        }
        arithmetic.perform(batch.chunks.count) { chunk, thread in
            let pass = ChunkPass(self, batch, batch.chunks[chunk], dropout, workspaces[thread])
            pass.embed()
            for layer in 0..<shape.layers { pass.forward(layer) }
        }
    }

    /// Computes the gradients of the activations, from the one of the output in `kept.output`.
    ///
    /// - Parameters:
    ///   - batch: The texts.
    ///   - dropout: What was dropped in the forward pass.
    ///   - frozen: The depths that are not learned: 1 for the embeddings, and more for layers.
    func backward(_ batch: TextBatch, _ dropout: Dropout?, frozen: Int) {
        let firstLayer = max(0, frozen - 1)
        let gradients = batch.chunks.count * kept.norms * 2 * shape.width
        kept.normGradients.update(repeating: 0, count: gradients)
        arithmetic.perform(batch.chunks.count) { chunk, thread in
            let pass = ChunkPass(self, batch, batch.chunks[chunk], dropout, workspaces[thread])
            let norms = kept.normGradients + chunk * kept.norms * 2 * shape.width
            for layer in (firstLayer..<shape.layers).reversed() {
                pass.backward(layer, norms: norms, needsInput: layer > firstLayer || frozen == 0)
            }
            if frozen == 0 { pass.backwardOfEmbeddings(norms: norms) }
        }
    }
}

/// The passes of one chunk of texts on one thread.
struct ChunkPass {
    let pass: EncoderPass
    let batch: TextBatch
    let chunk: TextBatch.Chunk
    let dropout: Dropout?
    let workspace: Workspace

    init(
        _ pass: EncoderPass, _ batch: TextBatch, _ chunk: TextBatch.Chunk, _ dropout: Dropout?, _ workspace: Workspace
    ) {
        self.pass = pass
        self.batch = batch
        self.chunk = chunk
        self.dropout = dropout
        self.workspace = workspace
    }

    var shape: EncoderShape { pass.shape }
    var kernels: training_kernels { pass.kernels }
    var rows: Int { chunk.rows.count }
    var width: Int { shape.width }

    /// Multiplies the rows of the chunk by packed columns.
    func multiply(
        _ out: Floats, _ x: Floats, inputs: Int, by columns: Words, outputs: Int, bias: Floats? = nil
    ) {
        kernels.pack_rows(workspace.words.start, x, inputs, rows, inputs)
        kernels.multiply(
            out, outputs, workspace.words.start, training_left_rows, columns, bias, 0, rows, outputs, inputs)
    }

    /// Drops values of (rows, width), text by text.
    func drop(_ x: Floats, _ site: Dropout.Site) {
        guard let dropout else { return }
        for text in chunk.texts {
            guard var generator = dropout.generator(site, text: batch.numbers[text]) else { return }
            let rows = batch.rows(of: text)
            kernels.drop(x + (rows.lowerBound - chunk.rows.lowerBound) * width, rows.count * width, &generator)
        }
    }

    /// The factors of dropout for the attention of a text, or nil if nothing is dropped.
    func mask(_ text: Int, _ layer: Int) -> Floats? {
        guard var generator = dropout?.generator(.attention(layer: layer), text: batch.numbers[text]) else {
            return nil
        }
        let count = batch.squares[text + 1] - batch.squares[text]
        workspace.mask.start.update(repeating: 1, count: count)
        kernels.drop(workspace.mask.start, count, &generator)
        return workspace.mask.start
    }
}
