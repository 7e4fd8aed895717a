internal import JSON
import ModelFile

/// The contents of a checkpoint's config.json, with the same names for all architectures.
struct Configuration {
    let path: String
    /// The name under which the model was loaded before it was saved, if the file has it.
    let origin: String?
    let architecture: Architecture
    let vocabulary: Int
    let width: Int
    let layers: Int
    let heads: Int
    let inner: Int
    /// The largest number of tokens in a text.
    let positions: Int
    /// The row of the table of positions that belongs to the first token.
    let firstPosition: Int
    let epsilon: Float
    /// The number of rows in the table of segments.
    ///
    /// 0 if the architecture has no such table.
    let segments: Int
    /// The labels in the order of their ids.
    ///
    /// Empty for a sentence encoder.
    let labels: [String]
    /// Whether each label is right or wrong on its own.
    let isMultiLabel: Bool
    /// What sets the model apart from BERT.
    let variant: TransformerVariant

    /// Reads config.json.
    ///
    /// - Parameters:
    ///   - folder: The folder of the checkpoint.
    ///   - names: The labels to use instead of those in the file. Nil keeps them.
    ///   - isBase: Whether the checkpoint is to be trained further, so that it needs no head.
    /// - Throws: `PackagingError` if the file is not valid or describes a model that cannot be packed.
    init(folder: String, labels names: [String]? = nil, isBase: Bool = false) throws {
        let file = try JSONFile(path: "\(folder)/config.json")
        path = file.path
        origin = file["_name_or_path"]?.string
        func require(_ what: String, _ found: JSON?, _ supported: [String]) throws {
            let found = found?.summary ?? "missing"
            guard supported.contains(found) else {
                throw PackagingError.unsupported(
                    path: file.path, what: "\"\(what)\"", found: "'\(found)'",
                    expected: supported.joined(separator: ", "))
            }
        }
        var name = file["architectures"]?.elements?.first
        if !isBase, let encoder = name?.string.flatMap(Architecture.encoder(of:)),
            SentenceTransformer.hasModules(folder)
        {
            name = .string(encoder.rawValue)
        }
        let known = isBase ? Architecture.bases.keys.sorted() : Architecture.allCases.map(\.rawValue)
        try require("architectures", name, known)
        guard let architecture = name?.string.flatMap({ isBase ? Architecture.bases[$0] : Architecture(rawValue: $0) })
        else {
            throw PackagingError.malformed(
                path: file.path, reason: "has an \"architectures\" that is not a list of names")
        }
        self.architecture = architecture
        let traits = architecture.traits
        let isDistilled = traits.isDistilled

        let activation = isDistilled ? "activation" : "hidden_act"
        let activations = isBase ? ["gelu"] : TransformerVariant.activations.keys.sorted()
        try require(activation, file[activation], activations)
        if let kind = file["position_embedding_type"] {
            try require("position_embedding_type", kind, ["absolute"])
        }
        if file["quantization_config"] != nil {
            throw PackagingError.unsupported(
                path: file.path, what: "\"quantization_config\"", found: "present",
                expected: "a checkpoint in F32, F16 or BF16")
        }

        vocabulary = try file.integer("vocab_size")
        width = try file.integer(isDistilled ? "dim" : "hidden_size")
        layers = try file.integer(isDistilled ? "n_layers" : "num_hidden_layers")
        heads = try file.integer(isDistilled ? "n_heads" : "num_attention_heads")
        inner = try file.integer(isDistilled ? "hidden_dim" : "intermediate_size")
        let padding = file["pad_token_id"] == nil ? 1 : try file.integer("pad_token_id")
        let rows = try file.integer("max_position_embeddings")
        guard !traits.startsAfterPadding || (0..<rows).contains(padding) else {
            throw PackagingError.unsupported(
                path: file.path, what: "\"pad_token_id\"", found: "\(padding)",
                expected: "less than the \(rows) positions of \"max_position_embeddings\"")
        }
        firstPosition = traits.startsAfterPadding ? padding + 1 : 0
        positions = rows - firstPosition
        epsilon = isDistilled ? 1e-12 : file["layer_norm_eps"]?.number.map(Float.init) ?? 1e-12
        let hasSegments = traits.names.segments != nil
        segments = !hasSegments ? 0 : file["type_vocab_size"] == nil ? 2 : try file.integer("type_vocab_size")
        for (key, value, range) in [
            ("size of the vocabulary", vocabulary, TransformerSchema.vocabularyRange),
            ("width", width, TransformerSchema.widthRange), ("number of layers", layers, TransformerSchema.layersRange),
            ("number of heads", heads, TransformerSchema.headsRange),
            ("feed-forward width", inner, TransformerSchema.innerRange),
            ("number of positions", positions, ModelCard.maxTokensRange),
            (
                "number of segments in \"type_vocab_size\"", segments,
                !hasSegments ? 0...0 : 1...TransformerSchema.vocabularyRange.upperBound
            ),
        ] where !range.contains(value) {
            throw PackagingError.unsupported(
                path: file.path, what: "the \(key)", found: "\(value)",
                expected: "\(range.lowerBound) to \(range.upperBound)")
        }
        guard epsilon.isFinite, epsilon >= 0 else {
            throw PackagingError.unsupported(
                path: file.path, what: "\"layer_norm_eps\"", found: "\(epsilon)",
                expected: "a number that is not negative")
        }
        guard width % heads == 0 else {
            throw PackagingError.malformed(
                path: file.path, reason: "has the width \(width), which is not a multiple of its \(heads) heads")
        }
        variant = try TransformerVariant(
            traits, file, width: width, activation: file[activation]?.string ?? "", require)
        let isEncoder = traits.head == .none
        if !isEncoder, let problem = file["problem_type"] {
            let several = isBase ? [] : ["multi_label_classification"]
            try require("problem_type", problem, ["single_label_classification"] + several)
        }
        isMultiLabel = !isEncoder && file["problem_type"]?.string == "multi_label_classification"
        let found = isEncoder ? [] : try Self.labels(file)
        labels = try names.map { try Self.labels($0, insteadOf: found, path: file.path) } ?? found
    }
}

extension Configuration {
    /// The schema of the model file.
    ///
    /// - Parameters:
    ///   - maxTokens: The most tokens of a text that the model reads.
    ///   - precision: The precision of the weights.
    ///   - pooling: How the hidden states of a text become one row.
    /// - Returns: The keys and tensors to write.
    func schema(maxTokens: Int, precision: Precision, pooling: TransformerSchema.Pooling) -> TransformerSchema {
        TransformerSchema(
            vocabulary: vocabulary, width: width, layers: layers, heads: heads, inner: inner, epsilon: epsilon,
            pooling: pooling, head: architecture.traits.head, precision: precision,
            maxTokens: maxTokens, labels: labels.count, variant: variant)
    }
}
