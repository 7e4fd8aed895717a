/// What sets a transformer apart from BERT, whose values are the defaults.
///
/// A value that is not the default is a key of the model file.
public struct TransformerVariant: Sendable, Equatable {
    /// The function between the two layers of a feed-forward network.
    public enum Activation: String, Sendable, CaseIterable {
        /// GELU, x · Φ(x).
        case gelu
        /// The approximation of GELU by tanh.
        case geluTanh = "gelu_tanh"
        /// The larger of x and 0.
        case relu
    }

    /// The width of the embeddings, from which a linear layer makes the hidden states; nil if there is no such layer.
    ///
    /// - Source: Lan et al. 2019, arXiv:1909.11942.
    public var embeddingWidth: Int?
    /// The function between the two layers of a feed-forward network.
    public var activation = Activation.gelu
    /// Whether all layers have the same weights, which the file has once.
    public var sharesLayers = false
    /// Whether a number for each distance between two tokens is added to the logits of the attention.
    ///
    /// - Source: Raffel et al. 2019, arXiv:1910.10683, section 2.1; Song et al. 2020, arXiv:2004.09297.
    public var hasDistanceBiases = false

    /// Creates the variant that is BERT.
    public init() {}
}

extension TransformerVariant {
    private enum Keys {
        static let embeddingWidth = MetadataKey.integer(
            "pinson.transformer.embedding_width", in: TransformerSchema.widthRange)
        static let activation = MetadataKey<Activation>.choice("pinson.transformer.activation")
        static let sharesLayers = MetadataKey.bool("pinson.transformer.shared_layers")
        static let hasDistanceBiases = MetadataKey.bool("pinson.transformer.distance_biases")
    }

    /// Reads the variant from the metadata of a model file.
    ///
    /// - Parameter metadata: The metadata.
    /// - Throws: `ModelFileError` if a key has a value that is not valid.
    public init(_ metadata: Metadata) throws(ModelFileError) {
        func value<T>(_ key: MetadataKey<T>) throws(ModelFileError) -> T? {
            metadata[key.name] == nil ? nil : try key.value(in: metadata)
        }
        embeddingWidth = try value(Keys.embeddingWidth)
        activation = try value(Keys.activation) ?? .gelu
        sharesLayers = try value(Keys.sharesLayers) ?? false
        hasDistanceBiases = try value(Keys.hasDistanceBiases) ?? false
    }

    /// The variant as metadata.
    var entries: [MetadataEntry] {
        var entries: [MetadataEntry] = []
        if let embeddingWidth { entries.append(Keys.embeddingWidth.entry(embeddingWidth)) }
        if activation != .gelu { entries.append(Keys.activation.entry(activation)) }
        if sharesLayers { entries.append(Keys.sharesLayers.entry(true)) }
        if hasDistanceBiases { entries.append(Keys.hasDistanceBiases.entry(true)) }
        return entries
    }
}
