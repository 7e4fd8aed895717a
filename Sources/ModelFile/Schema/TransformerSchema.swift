/// The keys and tensors of the family `transformer`: an encoder such as BERT or DistilBERT, with or without a head.
public struct TransformerSchema: Sendable, Equatable {
    /// The family's name in a model card.
    public static let family = "transformer"

    /// How the hidden states of a text become one row.
    public enum Pooling: String, Sendable, CaseIterable {
        /// The row of the first token.
        case first
        /// The mean of the rows of all tokens.
        case mean
    }

    /// The layers between the pooled row and the logits.
    public enum Head: String, Sendable, CaseIterable {
        /// No head: the model is a sentence encoder.
        case none
        /// The classifier alone.
        case linear
        /// A dense layer with tanh, then the classifier, as in BERT.
        case tanh
        /// A dense layer with ReLU, then the classifier, as in DistilBERT.
        case relu
        /// A dense layer with GELU, then the classifier, as in ELECTRA.
        case gelu

        /// Whether there is a dense layer before the classifier.
        public var isDense: Bool { self != .none && self != .linear }
    }

    /// The number of rows of the token table.
    public var vocabulary: Int
    /// The width of the hidden states.
    public var width: Int
    /// The number of layers.
    public var layers: Int
    /// The number of attention heads, a divisor of `width`.
    public var heads: Int
    /// The width of the feed-forward layers.
    public var inner: Int
    /// The number that is added to the variance in each layer normalization.
    public var epsilon: Float
    /// How the hidden states of a text become one row.
    public var pooling: Pooling
    /// The layers between the pooled row and the logits.
    public var head: Head
    /// The precision of the weights in the layers.
    public var precision: Precision
    /// The number of positions, which is the most tokens that a text may have.
    public var maxTokens: Int
    /// The number of labels; 0 without a head.
    public var labels: Int
    /// What sets the model apart from BERT.
    public var variant: TransformerVariant

    /// Creates a schema.
    ///
    /// - Parameters:
    ///   - vocabulary: The number of rows of the token table.
    ///   - width: The width of the hidden states.
    ///   - layers: The number of layers.
    ///   - heads: The number of attention heads, a divisor of `width`.
    ///   - inner: The width of the feed-forward layers.
    ///   - epsilon: The number that is added to the variance in each layer normalization.
    ///   - pooling: How the hidden states of a text become one row.
    ///   - head: The layers between the pooled row and the logits.
    ///   - precision: The precision of the weights in the layers.
    ///   - maxTokens: The number of positions.
    ///   - labels: The number of labels; 0 without a head.
    ///   - variant: What sets the model apart from BERT.
    public init(
        vocabulary: Int, width: Int, layers: Int, heads: Int, inner: Int, epsilon: Float, pooling: Pooling, head: Head,
        precision: Precision, maxTokens: Int, labels: Int, variant: TransformerVariant = .init()
    ) {
        self.vocabulary = vocabulary
        self.width = width
        self.layers = layers
        self.heads = heads
        self.inner = inner
        self.epsilon = epsilon
        self.pooling = pooling
        self.head = head
        self.precision = precision
        self.maxTokens = maxTokens
        self.labels = labels
        self.variant = variant
    }
}

// MARK: - Metadata

extension TransformerSchema {
    private enum Keys {
        static let vocabulary = MetadataKey.integer("pinson.transformer.vocabulary", in: vocabularyRange)
        static let width = MetadataKey.integer("pinson.transformer.width", in: widthRange)
        static let layers = MetadataKey.integer("pinson.transformer.layers", in: layersRange)
        static let heads = MetadataKey.integer("pinson.transformer.heads", in: headsRange)
        static let inner = MetadataKey.integer("pinson.transformer.inner", in: innerRange)
        static let epsilon = MetadataKey.float("pinson.transformer.epsilon", in: 0...Float.greatestFiniteMagnitude)
        static let pooling = MetadataKey<Pooling>.choice("pinson.transformer.pooling")
        static let head = MetadataKey<Head>.choice("pinson.transformer.head")
    }

    /// The numbers of tokens that a token table may have.
    public static let vocabularyRange = 1...(1 << 24)
    /// The widths that hidden states may have.
    public static let widthRange = 1...(1 << 14)
    /// The numbers of layers that a model may have.
    public static let layersRange = 1...256
    /// The numbers of attention heads that a model may have.
    public static let headsRange = 1...256
    /// The widths that feed-forward layers may have.
    ///
    /// The sums of the integer products are exact up to this width.
    public static let innerRange = 1...(1 << 16)

    /// Reads the schema from a model file.
    ///
    /// - Parameters:
    ///   - file: The file.
    ///   - card: The file's card, for the labels and the number of tokens.
    /// - Throws: `ModelFileError` if a key is missing or has a value that is not valid.
    public init(_ file: ModelFile, _ card: ModelCard) throws(ModelFileError) {
        let metadata = file.metadata
        vocabulary = try Keys.vocabulary.value(in: metadata)
        width = try Keys.width.value(in: metadata)
        layers = try Keys.layers.value(in: metadata)
        heads = try Keys.heads.value(in: metadata)
        inner = try Keys.inner.value(in: metadata)
        epsilon = try Keys.epsilon.value(in: metadata)
        pooling = try Keys.pooling.value(in: metadata)
        head = try Keys.head.value(in: metadata)
        precision = try Precision(file)
        maxTokens = card.maxTokens
        labels = card.labels.count
        variant = try TransformerVariant(metadata)
        guard width % heads == 0 else {
            throw .invalid(path: file.path, reason: "its width \(width) is not a multiple of its \(heads) heads")
        }
        guard (head == .none) == card.labels.isEmpty else {
            throw .invalid(path: file.path, reason: "its head is '\(head.rawValue)', but it has \(labels) labels")
        }
    }

    /// The schema as metadata.
    public var entries: [MetadataEntry] {
        [
            Keys.vocabulary.entry(vocabulary), Keys.width.entry(width), Keys.layers.entry(layers),
            Keys.heads.entry(heads), Keys.inner.entry(inner), Keys.epsilon.entry(epsilon),
            Keys.pooling.entry(pooling), Keys.head.entry(head),
        ] + variant.entries + precision.entries
    }
}

// MARK: - Tensors

extension TransformerSchema {
    /// The width of the embeddings.
    public var embeddingWidth: Int { variant.embeddingWidth ?? width }

    /// The vectors of all tokens, (vocabulary, embedding width): int8 rows, or float32.
    public var tokens: TensorSchema {
        TensorSchema("embeddings.token.weight", precision == .float32 ? .float32 : .int8, [vocabulary, embeddingWidth])
    }

    /// The scale of each token's int8 vector, (vocabulary).
    public var tokenScales: TensorSchema { TensorSchema("embeddings.token.scale", .float32, [vocabulary]) }

    /// The vectors of all positions, (maxTokens, embedding width).
    ///
    /// They include the vector of the first segment.
    public var positions: TensorSchema {
        TensorSchema("embeddings.position.weight", .float32, [maxTokens, embeddingWidth])
    }

    /// The normalization of the embeddings.
    public var embeddingsNorm: LayerNormSchema {
        LayerNormSchema(name: "embeddings.norm", width: embeddingWidth, epsilon: epsilon)
    }

    /// The layer that makes hidden states from embeddings, or nil if these have the same width.
    public var projection: LinearSchema? {
        variant.embeddingWidth.map {
            LinearSchema("embeddings.projection", inputs: $0, outputs: width, precision: precision)
        }
    }

    /// The numbers that are added to the logits of the attention, (heads, 2 · maxTokens - 1), or nil if there are none.
    ///
    /// The number for a query at position t and a key at position s is in column maxTokens - 1 + s - t.
    public var distanceBiases: TensorSchema? {
        variant.hasDistanceBiases ? TensorSchema("attention.bias", .float32, [heads, 2 * maxTokens - 1]) : nil
    }

    /// One layer of the encoder.
    ///
    /// - Parameter index: The layer's position, from 0.
    /// - Returns: The tensors of the layer. If layers share their weights, they are the same for each position.
    public func layer(_ index: Int) -> LayerSchema {
        LayerSchema("layer.\(variant.sharesLayers ? 0 : index)", of: self)
    }

    /// The number of layers with weights of their own.
    public var storedLayers: Int { variant.sharesLayers ? 1 : layers }

    /// The dense layer of the head, or nil if the head has none.
    ///
    /// It is not quantized.
    public var dense: LinearSchema? {
        head.isDense ? LinearSchema("pooler", inputs: width, outputs: width, precision: .float32) : nil
    }

    /// The layer that makes the logits, or nil for a sentence encoder.
    ///
    /// It is not quantized.
    public var classifier: LinearSchema? {
        head == .none ? nil : LinearSchema("classifier", inputs: width, outputs: labels, precision: .float32)
    }

    /// All tensors, in file order, which is the order in which a forward pass reads them.
    public var tensors: [TensorSchema] {
        [tokens] + (precision == .float32 ? [] : [tokenScales]) + [positions] + embeddingsNorm.tensors
            + (projection?.tensors ?? []) + (distanceBiases.map { [$0] } ?? [])
            + (0..<storedLayers).flatMap { layer($0).tensors } + (dense?.tensors ?? []) + (classifier?.tensors ?? [])
    }

    func norm(_ name: String) -> LayerNormSchema { LayerNormSchema(name: name, width: width, epsilon: epsilon) }
}
