internal import JSON
import ModelFile

/// The contents of a checkpoint's config.json, with the same names for BERT and DistilBERT.
struct Configuration {
    /// The architectures that can be packed, as config.json names them.
    enum Architecture: String, CaseIterable {
        case bertClassifier = "BertForSequenceClassification"
        case distilbertClassifier = "DistilBertForSequenceClassification"
        case bertEncoder = "BertModel"

        /// Further architectures from which a classifier can be trained, by the classifier that it becomes.
        static let bases: [String: Self] = [
            "BertForMaskedLM": .bertClassifier, "BertForPreTraining": .bertClassifier,
            "DistilBertForMaskedLM": .distilbertClassifier, "DistilBertModel": .distilbertClassifier,
        ]
    }

    let path: String
    let architecture: Architecture
    let vocabulary: Int
    let width: Int
    let layers: Int
    let heads: Int
    let inner: Int
    let positions: Int
    let epsilon: Float
    /// The number of rows in the table of segments.
    ///
    /// 0 if the architecture has no such table.
    let segments: Int
    /// The labels in the order of their ids.
    ///
    /// Empty for a sentence encoder.
    let labels: [String]

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
        func require(_ what: String, _ found: JSON?, _ supported: [String]) throws {
            let found = found?.summary ?? "missing"
            guard supported.contains(found) else {
                throw PackagingError.unsupported(
                    path: file.path, what: "\"\(what)\"", found: "'\(found)'",
                    expected: supported.joined(separator: ", "))
            }
        }
        let name = file["architectures"]?.elements?.first
        let bases = isBase ? Architecture.bases : [:]
        try require("architectures", name, Architecture.allCases.map(\.rawValue) + bases.keys.sorted())
        guard let architecture = name?.string.flatMap({ Architecture(rawValue: $0) ?? bases[$0] }) else {
            throw PackagingError.malformed(
                path: file.path, reason: "has an \"architectures\" that is not a list of names")
        }
        self.architecture = architecture
        let isDistilled = architecture == .distilbertClassifier

        try require(
            isDistilled ? "activation" : "hidden_act", file[isDistilled ? "activation" : "hidden_act"], ["gelu"])
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
        positions = try file.integer("max_position_embeddings")
        epsilon = isDistilled ? 1e-12 : file["layer_norm_eps"]?.number.map(Float.init) ?? 1e-12
        segments = isDistilled ? 0 : file["type_vocab_size"] == nil ? 2 : try file.integer("type_vocab_size")
        for (key, value, range) in [
            ("size of the vocabulary", vocabulary, TransformerSchema.vocabularyRange),
            ("width", width, TransformerSchema.widthRange), ("number of layers", layers, TransformerSchema.layersRange),
            ("number of heads", heads, TransformerSchema.headsRange),
            ("feed-forward width", inner, TransformerSchema.innerRange),
            ("number of positions", positions, ModelCard.maxTokensRange),
            (
                "number of segments in \"type_vocab_size\"", segments,
                isDistilled ? 0...0 : 1...TransformerSchema.vocabularyRange.upperBound
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
        if architecture != .bertEncoder, let problem = file["problem_type"] {
            try require("problem_type", problem, ["single_label_classification"])
        }
        let found = architecture == .bertEncoder ? [] : try Self.labels(file)
        labels = try names.map { try Self.labels($0, insteadOf: found, path: file.path) } ?? found
    }
}

extension Configuration {
    /// The schema of the model file.
    ///
    /// - Parameters:
    ///   - maxTokens: The most tokens of a text that the model reads.
    ///   - precision: The precision of the weights.
    /// - Returns: The keys and tensors to write.
    func schema(maxTokens: Int, precision: Precision) -> TransformerSchema {
        let head: TransformerSchema.Head =
            switch architecture {
            case .bertClassifier: .tanh
            case .distilbertClassifier: .relu
            case .bertEncoder: .none
            }
        return TransformerSchema(
            vocabulary: vocabulary, width: width, layers: layers, heads: heads, inner: inner, epsilon: epsilon,
            pooling: architecture == .bertEncoder ? .mean : .first, head: head, precision: precision,
            maxTokens: maxTokens, labels: labels.count)
    }
}
