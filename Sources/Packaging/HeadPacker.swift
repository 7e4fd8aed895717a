public import ModelFile

/// Puts a head on the encoder in a model file, so that one pass gives the answer.
public struct HeadPacker {
    /// A linear layer.
    public struct Layer {
        let weights: [Float]
        let bias: [Float]

        /// Describes a layer.
        ///
        /// - Parameters:
        ///   - weights: The weights, (outputs, inputs).
        ///   - bias: The bias of each output.
        public init(weights: [Float], bias: [Float]) { (self.weights, self.bias) = (weights, bias) }
    }

    /// The labels, in the order of the outputs of the classifier.
    public var labels: [String]
    /// The layers that the classifier has before it.
    public var kind: TransformerSchema.Head
    /// The layer before the classifier, as wide as the encoder; nil if `kind` has none.
    public var dense: Layer?
    /// The layer whose outputs are the logits.
    public var classifier: Layer

    /// Describes a head.
    ///
    /// - Parameters:
    ///   - labels: The labels, in the order of the outputs of the classifier.
    ///   - kind: The layers that the classifier has before it.
    ///   - dense: The layer before the classifier, or nil.
    ///   - classifier: The layer whose outputs are the logits.
    public init(labels: [String], kind: TransformerSchema.Head, dense: Layer?, classifier: Layer) {
        (self.labels, self.kind, self.dense, self.classifier) = (labels, kind, dense, classifier)
    }

    /// Writes the encoder with this head instead of the one that it may have.
    ///
    /// - Parameters:
    ///   - encoder: The file of a transformer.
    ///   - output: The model file to create or replace.
    ///   - name: The name of the model.
    ///   - description: What the file says about the model.
    /// - Throws: `ModelFileError` if the encoder is not a transformer, and `FileError` if the file cannot be written.
    public func write(
        _ encoder: ModelFile, to output: String, named name: String, _ description: ModelDescription
    ) throws {
        var card = try ModelCard(encoder)
        var schema = try TransformerSchema(encoder, card)
        let old = (schema.dense?.tensors ?? []) + (schema.classifier?.tensors ?? [])
        (schema.head, schema.labels) = (kind, labels.count)
        (card.name, card.labels, card.decision) = (name, labels, Decision())
        let names = Set(old.map(\.name))
        var tensors = encoder.copies().filter { !names.contains($0.schema.name) }
        for (linear, layer) in [(schema.dense, dense), (schema.classifier, classifier)] {
            guard let linear, let layer else { continue }
            tensors.append(.init(linear.weight) { littleEndianBytes(layer.weights) })
            tensors.append(.init(linear.bias) { littleEndianBytes(layer.bias) })
        }
        precondition(kind.isDense == (dense != nil), "the head \(kind.rawValue) has other layers")
        try encoder.rewrite(
            adding: card.entries + schema.entries + description.entries, removing: TrainingStatistics.keys,
            tensors: tensors, to: output, hash: sha256)
    }
}
