import Foundation
import ModelFile

/// The contents of a checkpoint's config.json, with the same names for BERT and DistilBERT.
struct Configuration {
    /// The architectures that can be packed, as config.json names them.
    enum Architecture: String, CaseIterable {
        case bertClassifier = "BertForSequenceClassification"
        case distilbertClassifier = "DistilBertForSequenceClassification"
        case bertEncoder = "BertModel"
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
    /// The labels in the order of their ids.
    ///
    /// Empty for a sentence encoder.
    let labels: [String]

    /// Reads config.json.
    ///
    /// - Parameters:
    ///   - folder: The folder of the checkpoint.
    ///   - names: The labels to use instead of those in the file. Nil keeps them.
    /// - Throws: `PackagingError` if the file is not valid or describes a model that cannot be packed.
    init(folder: String, labels names: [String]? = nil) throws {
        let file = try JSONFile(path: "\(folder)/config.json")
        path = file.path
        func require(_ what: String, _ found: Any?, _ supported: [String]) throws {
            let found = found.map { "\($0)" } ?? "missing"
            guard supported.contains(found) else {
                throw PackagingError.unsupported(
                    path: file.path, what: "\"\(what)\"", found: "'\(found)'",
                    expected: supported.joined(separator: ", "))
            }
        }
        let name = (file.object["architectures"] as? [String])?.first ?? "missing"
        try require("architectures", name, Architecture.allCases.map(\.rawValue))
        guard let architecture = Architecture(rawValue: name) else { preconditionFailure("required above") }
        self.architecture = architecture
        let isDistilled = architecture == .distilbertClassifier

        try require(
            isDistilled ? "activation" : "hidden_act", file.object[isDistilled ? "activation" : "hidden_act"], ["gelu"])
        if let kind = file.object["position_embedding_type"] {
            try require("position_embedding_type", kind, ["absolute"])
        }
        if let quantization = file.object["quantization_config"], !(quantization is NSNull) {
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
        epsilon = isDistilled ? 1e-12 : ((file.object["layer_norm_eps"] as? NSNumber)?.floatValue ?? 1e-12)
        for (key, value, range) in [
            ("size of the vocabulary", vocabulary, TransformerSchema.vocabularyRange),
            ("width", width, TransformerSchema.widthRange), ("number of layers", layers, TransformerSchema.layersRange),
            ("number of heads", heads, TransformerSchema.headsRange),
            ("feed-forward width", inner, TransformerSchema.innerRange),
            ("number of positions", positions, ModelCard.maxTokensRange),
        ] where !range.contains(value) {
            throw PackagingError.unsupported(
                path: file.path, what: "the \(key)", found: "\(value)",
                expected: "\(range.lowerBound) to \(range.upperBound)")
        }
        guard width % heads == 0 else {
            throw PackagingError.malformed(
                path: file.path, reason: "has the width \(width), which is not a multiple of its \(heads) heads")
        }
        if architecture != .bertEncoder, let problem = file.object["problem_type"], !(problem is NSNull) {
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
