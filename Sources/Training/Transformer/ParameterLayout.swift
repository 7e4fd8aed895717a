/// Where each tensor of a classifier lies in one array of all parameters.
///
/// The order is: the tables of tokens, positions and segments, the norm of the embeddings, the layers, and the head. In a
/// layer, the weights of queries, keys and values lie side by side, and so do their biases.
public struct ParameterLayout: Sendable, Equatable {
    /// A tensor.
    public struct Tensor: Sendable, Equatable {
        /// What the tensor is, such as `layer.0.query.weight`.
        public let name: String
        /// The extents, outermost first.
        public let shape: [Int]
        /// The position of the first element.
        public let offset: Int
        /// The depth in the model: 0 for embeddings, 1 and more for layers, and one more for the head.
        public let depth: Int
        /// Whether weight decay applies, which leaves out biases and norms.
        public let decays: Bool

        /// The number of elements.
        public var count: Int { shape.reduce(1, *) }
    }

    /// The offsets of one layer.
    ///
    /// `queryBias` is the first of three biases side by side.
    struct Layer: Sendable, Equatable {
        var query = 0
        var queryBias = 0
        var output = 0
        var outputBias = 0
        var attentionNorm = 0
        var up = 0
        var upBias = 0
        var down = 0
        var downBias = 0
        var outputNorm = 0
    }

    /// All tensors, in the order of their offsets.
    public private(set) var tensors: [Tensor] = []
    /// The number of all parameters.
    public private(set) var count = 0
    private(set) var layers: [Layer] = []
    let tokens: Int
    private(set) var positions = 0
    /// The offset of the segments, or nil if there are none.
    private(set) var segments: Int?
    private(set) var embeddingsNorm = 0
    private(set) var dense = 0
    private(set) var denseBias = 0
    private(set) var classifier = 0
    private(set) var classifierBias = 0

    /// Lays out the parameters of a classifier.
    ///
    /// - Parameter shape: The sizes.
    public init(_ shape: EncoderShape) {
        let (width, inner) = (shape.width, shape.inner)
        tokens = 0
        _ = add("tokens", [shape.vocabulary, width], 0)
        positions = add("positions", [shape.positions, width], 0)
        if shape.segments > 0 { segments = add("segments", [shape.segments, width], 0) }
        embeddingsNorm = addNorm("embeddings.norm", width, 0)
        for index in 0..<shape.layers {
            let (name, depth) = ("layer.\(index)", index + 1)
            var layer = Layer()
            layer.query = add("\(name).query.weight", [width, width], depth)
            _ = add("\(name).key.weight", [width, width], depth)
            _ = add("\(name).value.weight", [width, width], depth)
            layer.queryBias = add("\(name).query.bias", [width], depth)
            _ = add("\(name).key.bias", [width], depth)
            _ = add("\(name).value.bias", [width], depth)
            (layer.output, layer.outputBias) = addLinear("\(name).output", width, width, depth)
            layer.attentionNorm = addNorm("\(name).attention.norm", width, depth)
            (layer.up, layer.upBias) = addLinear("\(name).up", width, inner, depth)
            (layer.down, layer.downBias) = addLinear("\(name).down", inner, width, depth)
            layer.outputNorm = addNorm("\(name).output.norm", width, depth)
            layers.append(layer)
        }
        (dense, denseBias) = addLinear("dense", width, width, shape.layers + 1)
        (classifier, classifierBias) = addLinear("classifier", width, shape.labels, shape.layers + 1)
    }

    private mutating func add(_ name: String, _ shape: [Int], _ depth: Int) -> Int {
        let offset = count
        let decays = !name.hasSuffix("bias") && !name.contains("norm")
        tensors.append(Tensor(name: name, shape: shape, offset: offset, depth: depth, decays: decays))
        count += shape.reduce(1, *)
        return offset
    }

    private mutating func addNorm(_ name: String, _ width: Int, _ depth: Int) -> Int {
        let offset = add("\(name).weight", [width], depth)
        _ = add("\(name).bias", [width], depth)
        return offset
    }

    private mutating func addLinear(_ name: String, _ inputs: Int, _ outputs: Int, _ depth: Int) -> (Int, Int) {
        (add("\(name).weight", [outputs, inputs], depth), add("\(name).bias", [outputs], depth))
    }
}
