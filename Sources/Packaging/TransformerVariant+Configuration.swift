internal import JSON
import ModelFile

extension TransformerVariant {
    /// The functions that config.json may name.
    static let activations: [String: Activation] = [
        "gelu": .gelu, "gelu_new": .geluTanh, "gelu_pytorch_tanh": .geluTanh, "gelu_fast": .geluTanh, "relu": .relu,
    ]

    /// Reads what config.json says about an architecture.
    ///
    /// - Parameters:
    ///   - traits: What the architecture needs.
    ///   - file: config.json.
    ///   - width: The width of the hidden states.
    ///   - activation: One of `activations`.
    ///   - require: Throws an error unless a key has one of some values.
    /// - Throws: `PackagingError` if a key has a value that is not supported.
    init(
        _ traits: Architecture.Traits, _ file: JSONFile, width: Int, activation: String,
        _ require: (_ key: String, _ found: JSON?, _ supported: [String]) throws -> Void
    ) throws {
        self.init()
        self.activation = Self.activations[activation] ?? .gelu
        hasDistanceBiases = traits.hasDistanceBiases
        let buckets = "relative_attention_num_buckets"
        if hasDistanceBiases, let number = file[buckets] { try require(buckets, number, ["\(DistanceBuckets.count)"]) }
        sharesLayers = traits.sharesLayers
        if sharesLayers {
            // With several groups or several layers in a group, some layers have other weights.
            for key in ["num_hidden_groups", "inner_group_num"] {
                if let number = file[key] { try require(key, number, ["1"]) }
            }
        }
        let embeddingWidth = file["embedding_size"] == nil ? width : try file.integer("embedding_size")
        guard TransformerSchema.widthRange.contains(embeddingWidth) else {
            let range = TransformerSchema.widthRange
            throw PackagingError.unsupported(
                path: file.path, what: "the width of the embeddings", found: "\(embeddingWidth)",
                expected: "\(range.lowerBound) to \(range.upperBound)")
        }
        switch traits.embeddings {
        case .hiddenWidth: break
        case .projectedIfOther: self.embeddingWidth = embeddingWidth == width ? nil : embeddingWidth
        case .projected: self.embeddingWidth = embeddingWidth
        }
    }
}
