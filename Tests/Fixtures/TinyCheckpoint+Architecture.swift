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
        /// An ELECTRA classifier, whose embeddings are narrower than its hidden states.
        case electra = "ElectraForSequenceClassification"
        /// An MPNet classifier.
        case mpnet = "MPNetForSequenceClassification"
        /// An ALBERT classifier.
        case albert = "AlbertForSequenceClassification"

        /// Those from which a classifier can be trained.
        public static let bases: [Self] = [.bert, .distilbert, .encoder]

        /// What the names of the encoder's weights begin with.
        var root: String { self == .encoder ? "" : "\(self)." }

        /// Whether there is a table of segments.
        var hasSegments: Bool { self != .distilbert && self != .mpnet }

        /// The name of the layer that makes hidden states from embeddings, or nil if they have the same width.
        var projection: String? {
            switch self {
            case .electra: "electra.embeddings_project"
            case .albert: "albert.encoder.embedding_hidden_mapping_in"
            default: nil
            }
        }

        /// The number of layers with weights of their own.
        var storedLayers: Int { self == .albert ? 1 : TinyCheckpoint.layers }

        /// The number of rows in the table of positions.
        ///
        /// RoBERTa and MPNet have two that no token gets.
        var positionRows: Int { TinyCheckpoint.positions + (self == .roberta || self == .mpnet ? 2 : 0) }

        /// The names of the dense layer and of the classifier, or nil without a head.
        var head: (dense: String, classifier: String)? {
            switch self {
            case .bert: ("bert.pooler.dense", "classifier")
            case .distilbert: ("pre_classifier", "classifier")
            case .roberta, .electra, .mpnet: ("classifier.dense", "classifier.out_proj")
            case .albert: ("albert.pooler", "classifier")
            case .encoder: nil
            }
        }

        /// The names of the parts of a layer.
        struct LayerNames {
            /// Queries, keys, values and the output of the attention.
            var attention: [String]
            var attentionNorm, up, down, outputNorm: String
        }

        /// The names of the parts of the layer at `index`.
        func layer(_ index: Int) -> LayerNames {
            var (layer, attention) = (
                "\(root)encoder.layer.\(index).", ["self.query", "self.key", "self.value", "output.dense"]
            )
            var rest = ["attention.output.LayerNorm", "intermediate.dense", "output.dense", "output.LayerNorm"]
            switch self {
            case .distilbert:
                layer = "\(root)transformer.layer.\(index)."
                attention = ["q_lin", "k_lin", "v_lin", "out_lin"]
                rest = ["sa_layer_norm", "ffn.lin1", "ffn.lin2", "output_layer_norm"]
            case .mpnet:
                attention = ["attn.q", "attn.k", "attn.v", "attn.o"]
                rest[0] = "attention.LayerNorm"
            case .albert:
                layer = "\(root)encoder.albert_layer_groups.0.albert_layers.0."
                attention = ["query", "key", "value", "dense"]
                rest = ["attention.LayerNorm", "ffn", "ffn_output", "full_layer_layer_norm"]
            default: break
            }
            return LayerNames(
                attention: attention.map { "\(layer)attention.\($0)" }, attentionNorm: layer + rest[0],
                up: layer + rest[1], down: layer + rest[2], outputNorm: layer + rest[3])
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
                "model_type": architecture == .encoder ? "bert" : "\(architecture)",
                "hidden_act": architecture == .albert ? "gelu_new" : "gelu",
                "hidden_size": width, "intermediate_size": inner,
                "num_attention_heads": heads, "num_hidden_layers": layers, "layer_norm_eps": 1e-12,
                "position_embedding_type": "absolute",
            ]
            configuration.merge(own) { $1 }
        }
        if architecture.projection != nil { configuration["embedding_size"] = embeddingWidth }
        if architecture == .mpnet { configuration["relative_attention_num_buckets"] = distanceBuckets }
        if architecture != .encoder {
            configuration["id2label"] = Dictionary(
                uniqueKeysWithValues: labels.enumerated().map { ("\($0)", $1) })
        }
        return configuration
    }
}
