/// What the forward pass keeps for the backward pass, and the gradients that the sums over tokens need.
final class Activations {
    /// The matrices of one layer, with one row for each token.
    struct Layer {
        /// (tokens, width): the input of the layer.
        var input: Floats
        /// (tokens, 3 · width): queries, keys and values.
        var queries: Floats
        /// The weights of attention: (heads, tokens, padded tokens) for each text.
        var shares: Floats
        /// (tokens, width): the results of attention.
        var attended: Floats
        /// (tokens, width) and (tokens): what the norm after attention keeps.
        var attentionNorm: Floats
        var attentionSpread: Floats
        /// (tokens, width): the input of the feed-forward part.
        var middle: Floats
        /// (tokens, inner): the input of GELU, and its output once the backward pass has read it.
        var up: Floats
        /// (tokens, width) and (tokens): what the last norm keeps.
        var outputNorm: Floats
        var outputSpread: Floats
        /// The gradients of the outputs of the four products.
        var queriesGradient: Floats
        var outputGradient: Floats
        var upGradient: Floats
        var downGradient: Floats
    }

    private(set) var layers: [Layer] = []
    /// (tokens, width): the output of the last layer, and later its gradient.
    private(set) var output: Floats
    /// (tokens, width) and (tokens): what the norm of the embeddings keeps.
    private(set) var embeddingsNorm: Floats
    private(set) var embeddingsSpread: Floats
    /// For each chunk and each norm, the gradients of gain and offset: (chunks, norms, 2, width).
    private(set) var normGradients: Floats
    private let shape: EncoderShape
    private var memory: Storage<Float>
    private var tokens = 0
    private var squares = 0

    /// The number of norms.
    var norms: Int { 2 * shape.layers + 1 }

    /// The number of floats for a batch.
    ///
    /// - Parameters:
    ///   - shape: The sizes of the model.
    ///   - tokens: The number of tokens.
    ///   - squares: The number of attention weights in a layer.
    /// - Returns: The number.
    static func count(_ shape: EncoderShape, tokens: Int, squares: Int) -> Int {
        let (width, inner) = (shape.width, shape.inner)
        let chunks = tokens / TextBatch.chunkTokens + 1
        return shape.layers * (tokens * (13 * width + 2 * inner + 2) + squares) + tokens * (2 * width + 1)
            + chunks * (2 * shape.layers + 1) * 2 * width
    }

    init(_ shape: EncoderShape) {
        self.shape = shape
        memory = Storage(0, repeating: 0)
        (output, embeddingsNorm, embeddingsSpread) = (memory.start, memory.start, memory.start)
        normGradients = memory.start
    }

    /// Makes room for a batch.
    func reserve(_ batch: TextBatch) {
        let square = batch.squares.last ?? 0
        guard batch.tokens > tokens || square > squares else { return }
        // A little more than needed, because the next batch may be a little larger.
        (tokens, squares) = (max(tokens, batch.tokens * 9 / 8), max(squares, square * 9 / 8))
        memory = Storage(0, repeating: 0)  // The old memory is freed first.
        memory = Storage(Self.count(shape, tokens: tokens, squares: squares), repeating: 0)
        var next = memory.start
        func take(_ count: Int) -> Floats {
            defer { next += count }
            return next
        }
        let (width, inner) = (shape.width, shape.inner)
        layers = (0..<shape.layers).map { _ in
            Layer(
                input: take(tokens * width), queries: take(3 * tokens * width), shares: take(squares),
                attended: take(tokens * width), attentionNorm: take(tokens * width), attentionSpread: take(tokens),
                middle: take(tokens * width), up: take(tokens * inner), outputNorm: take(tokens * width),
                outputSpread: take(tokens), queriesGradient: take(3 * tokens * width),
                outputGradient: take(tokens * width), upGradient: take(tokens * inner),
                downGradient: take(tokens * width))
        }
        output = take(tokens * width)
        embeddingsNorm = take(tokens * width)
        embeddingsSpread = take(tokens)
        normGradients = take((tokens / TextBatch.chunkTokens + 1) * norms * 2 * width)
    }
}
