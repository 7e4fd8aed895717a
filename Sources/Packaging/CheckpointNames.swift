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
    /// The layer that makes hidden states from embeddings of another width.
    var projection = ""
    /// The table of the numbers that the attention adds for distances.
    var distanceBiases = ""
    let layer: (Int) -> Layer
}

extension CheckpointNames {
    /// The names of a BERT or of a model that is built like it, whose encoder's names start with `root`.
    static func bert(_ root: String, dense: String = "", classifier: String = "classifier") -> Self {
        Self(
            tokens: "\(root)embeddings.word_embeddings.weight",
            positions: "\(root)embeddings.position_embeddings.weight",
            embeddingsNorm: "\(root)embeddings.LayerNorm", segments: "\(root)embeddings.token_type_embeddings.weight",
            dense: dense, classifier: classifier, projection: "\(root)embeddings_project"
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

    /// The names of an MPNet whose encoder's names start with `root`.
    static func mpnet(_ root: String) -> Self {
        Self(
            tokens: "\(root)embeddings.word_embeddings.weight",
            positions: "\(root)embeddings.position_embeddings.weight",
            embeddingsNorm: "\(root)embeddings.LayerNorm", segments: nil, dense: "classifier.dense",
            classifier: "classifier.out_proj", distanceBiases: "\(root)encoder.relative_attention_bias.weight"
        ) { .mpnet("\(root)encoder.layer.\($0)") }
    }

    /// The names of an ALBERT whose encoder's names start with `root`.
    static func albert(_ root: String) -> Self {
        Self(
            tokens: "\(root)embeddings.word_embeddings.weight",
            positions: "\(root)embeddings.position_embeddings.weight",
            embeddingsNorm: "\(root)embeddings.LayerNorm", segments: "\(root)embeddings.token_type_embeddings.weight",
            dense: "\(root)pooler", classifier: "classifier", projection: "\(root)encoder.embedding_hidden_mapping_in"
        ) { _ in .albert("\(root)encoder.albert_layer_groups.0.albert_layers.0") }
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

    static func mpnet(_ layer: String) -> Self {
        Self(
            query: "\(layer).attention.attn.q", key: "\(layer).attention.attn.k", value: "\(layer).attention.attn.v",
            output: "\(layer).attention.attn.o", attentionNorm: "\(layer).attention.LayerNorm",
            up: "\(layer).intermediate.dense", down: "\(layer).output.dense", outputNorm: "\(layer).output.LayerNorm")
    }

    static func albert(_ layer: String) -> Self {
        Self(
            query: "\(layer).attention.query", key: "\(layer).attention.key", value: "\(layer).attention.value",
            output: "\(layer).attention.dense", attentionNorm: "\(layer).attention.LayerNorm", up: "\(layer).ffn",
            down: "\(layer).ffn_output", outputNorm: "\(layer).full_layer_layer_norm")
    }
}
