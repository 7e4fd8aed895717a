import ModelFile

/// The architectures that can be packed, as config.json names them.
enum Architecture: String, CaseIterable {
    case bertClassifier = "BertForSequenceClassification"
    case distilbertClassifier = "DistilBertForSequenceClassification"
    case robertaClassifier = "RobertaForSequenceClassification"
    case xlmRobertaClassifier = "XLMRobertaForSequenceClassification"
    case electraClassifier = "ElectraForSequenceClassification"
    case mpnetClassifier = "MPNetForSequenceClassification"
    case albertClassifier = "AlbertForSequenceClassification"
    case bertEncoder = "BertModel"
    case robertaEncoder = "RobertaModel"
    case xlmRobertaEncoder = "XLMRobertaModel"
    case mpnetEncoder = "MPNetModel"
    case albertEncoder = "AlbertModel"

    /// The architectures from which a classifier can be trained, by the classifier that it becomes.
    static let bases: [String: Self] = [
        "BertForSequenceClassification": .bertClassifier, "BertModel": .bertEncoder,
        "BertForMaskedLM": .bertClassifier, "BertForPreTraining": .bertClassifier,
        "DistilBertForSequenceClassification": .distilbertClassifier,
        "DistilBertForMaskedLM": .distilbertClassifier, "DistilBertModel": .distilbertClassifier,
    ]
}

extension Architecture {
    /// The encoder of a language model, such as `BertModel` for `BertForMaskedLM`, or nil if `name` is another one.
    static func encoder(of name: String) -> Self? {
        name.hasSuffix("ForMaskedLM") ? Self(rawValue: "\(name.dropLast("ForMaskedLM".count))Model") : nil
    }

    /// What an architecture needs.
    struct Traits {
        /// The names of its tensors.
        var names: CheckpointNames
        /// The layers between the pooled row and the logits.
        var head: TransformerSchema.Head
        /// Whether config.json has the keys of DistilBERT instead of those of BERT.
        var isDistilled = false
        /// Whether the first token has the position after that of padding, instead of position 0.
        var startsAfterPadding = false
        /// Whether the embeddings may have a width of their own.
        var embeddings = Embeddings.hiddenWidth
        /// Whether all layers have the same weights.
        var sharesLayers = false
        /// Whether a number for each distance between two tokens is added to the logits of the attention.
        var hasDistanceBiases = false

        /// The width of the embeddings.
        enum Embeddings {
            /// Embeddings have the width of hidden states.
            case hiddenWidth
            /// A linear layer makes hidden states from embeddings, if the width differs.
            case projectedIfOther
            /// A linear layer makes hidden states from embeddings.
            case projected
        }
    }

    /// What this architecture needs: the only place that tells architectures apart.
    var traits: Traits {
        switch self {
        case .bertClassifier: Traits(names: .bert("bert.", dense: "bert.pooler.dense"), head: .tanh)
        case .distilbertClassifier: Traits(names: .distilbert("distilbert."), head: .relu, isDistilled: true)
        case .robertaClassifier, .xlmRobertaClassifier:
            Traits(
                names: .bert("roberta.", dense: "classifier.dense", classifier: "classifier.out_proj"), head: .tanh,
                startsAfterPadding: true)
        case .electraClassifier:
            Traits(
                names: .bert("electra.", dense: "classifier.dense", classifier: "classifier.out_proj"), head: .gelu,
                embeddings: .projectedIfOther)
        case .mpnetClassifier:
            Traits(names: .mpnet("mpnet."), head: .tanh, startsAfterPadding: true, hasDistanceBiases: true)
        case .albertClassifier:
            Traits(names: .albert("albert."), head: .tanh, embeddings: .projected, sharesLayers: true)
        case .bertEncoder: Traits(names: .bert(""), head: .none)
        case .robertaEncoder, .xlmRobertaEncoder: Traits(names: .bert(""), head: .none, startsAfterPadding: true)
        case .mpnetEncoder: Traits(names: .mpnet(""), head: .none, startsAfterPadding: true, hasDistanceBiases: true)
        case .albertEncoder: Traits(names: .albert(""), head: .none, embeddings: .projected, sharesLayers: true)
        }
    }
}
