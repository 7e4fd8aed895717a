extension TinyCheckpoint {
    /// The class of the model in Hugging Face `transformers`.
    public enum Architecture: String, CaseIterable, Sendable {
        /// A BERT classifier.
        case bert = "BertForSequenceClassification"
        /// A DistilBERT classifier.
        case distilbert = "DistilBertForSequenceClassification"
        /// A BERT sentence encoder, which has no classification head.
        case encoder = "BertModel"
        /// A RoBERTa classifier.
        case roberta = "RobertaForSequenceClassification"

        /// Those from which a classifier can be trained.
        public static let bases: [Self] = [.bert, .distilbert, .encoder]

        /// What the names of the encoder's weights begin with.
        var root: String {
            switch self {
            case .bert: "bert."
            case .distilbert: "distilbert."
            case .roberta: "roberta."
            case .encoder: ""
            }
        }

        /// The number of rows in the table of positions.
        ///
        /// RoBERTa has two that no token gets.
        var positionRows: Int { self == .roberta ? TinyCheckpoint.positions + 2 : TinyCheckpoint.positions }

        /// The names of the dense layer and of the classifier, or nil without a head.
        var head: (dense: String, classifier: String)? {
            switch self {
            case .bert: ("bert.pooler.dense", "classifier")
            case .distilbert: ("pre_classifier", "classifier")
            case .roberta: ("classifier.dense", "classifier.out_proj")
            case .encoder: nil
            }
        }
    }

    /// Returns the contents of config.json.
    static func configuration(_ architecture: Architecture, width: Int, inner: Int) -> [String: Any] {
        var configuration: [String: Any] = [
            "architectures": [architecture.rawValue], "vocab_size": vocabulary.count,
            "max_position_embeddings": architecture.positionRows,
        ]
        if architecture == .distilbert {
            let own: [String: Any] = [
                "model_type": "distilbert", "activation": "gelu", "dim": width, "hidden_dim": inner, "n_heads": heads,
                "n_layers": layers,
            ]
            configuration.merge(own) { $1 }
        } else {
            let own: [String: Any] = [
                "model_type": architecture == .roberta ? "roberta" : "bert", "hidden_act": "gelu",
                "hidden_size": width, "intermediate_size": inner,
                "num_attention_heads": heads, "num_hidden_layers": layers, "layer_norm_eps": 1e-12,
                "position_embedding_type": "absolute",
            ]
            configuration.merge(own) { $1 }
        }
        if architecture != .encoder {
            configuration["id2label"] = Dictionary(
                uniqueKeysWithValues: labels.enumerated().map { ("\($0)", $1) })
        }
        return configuration
    }
}
