/// The names of a transformer's tensors in a checkpoint of one architecture.
struct CheckpointNames {
    /// The names of the parts of one layer.
    struct Layer {
        let query, key, value, output, attentionNorm, up, down, outputNorm: String
    }

    let tokens, positions, embeddingsNorm: String
    /// The table of segments, or nil if the architecture has none.
    let segments: String?
    /// The dense layer of the head.
    let dense: String
    let classifier: String
    let layer: (Int) -> Layer
}

extension CheckpointNames {
    /// The names of a BERT or of a model that is built like it, whose encoder's names start with `root`.
    static func bert(_ root: String, dense: String = "", classifier: String = "classifier") -> Self {
        Self(
            tokens: "\(root)embeddings.word_embeddings.weight",
            positions: "\(root)embeddings.position_embeddings.weight",
            embeddingsNorm: "\(root)embeddings.LayerNorm", segments: "\(root)embeddings.token_type_embeddings.weight",
            dense: dense, classifier: classifier
        ) { .bert("\(root)encoder.layer.\($0)") }
    }

    /// The names of a DistilBERT whose encoder's names start with `root`.
    static func distilbert(_ root: String) -> Self {
        Self(
            tokens: "\(root)embeddings.word_embeddings.weight",
            positions: "\(root)embeddings.position_embeddings.weight",
            embeddingsNorm: "\(root)embeddings.LayerNorm", segments: nil, dense: "pre_classifier",
            classifier: "classifier"
        ) { .distilbert("\(root)transformer.layer.\($0)") }
    }
}

extension CheckpointNames.Layer {
    static func bert(_ layer: String) -> Self {
        Self(
            query: "\(layer).attention.self.query", key: "\(layer).attention.self.key",
            value: "\(layer).attention.self.value", output: "\(layer).attention.output.dense",
            attentionNorm: "\(layer).attention.output.LayerNorm", up: "\(layer).intermediate.dense",
            down: "\(layer).output.dense", outputNorm: "\(layer).output.LayerNorm")
    }

    static func distilbert(_ layer: String) -> Self {
        Self(
            query: "\(layer).attention.q_lin", key: "\(layer).attention.k_lin", value: "\(layer).attention.v_lin",
            output: "\(layer).attention.out_lin", attentionNorm: "\(layer).sa_layer_norm", up: "\(layer).ffn.lin1",
            down: "\(layer).ffn.lin2", outputNorm: "\(layer).output_layer_norm")
    }
}
