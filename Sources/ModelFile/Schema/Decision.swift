/// How the logits of a model become scores and a label.
///
/// The default leaves the logits as they are, and takes the label with the highest probability.
public struct Decision: Sendable, Equatable {
    /// The function that turns logits into scores.
    public enum Activation: String, Sendable, CaseIterable {
        /// Probabilities that sum to 1: exactly one label is right.
        case softmax
        /// A probability for each label on its own: several labels may be right.
        case sigmoid
    }

    /// The function that turns logits into scores.
    public var activation: Activation
    /// Logits are divided by this number first, which calibrates the scores.
    ///
    /// 1 leaves them as they are.
    ///
    /// - Source: Guo et al. 2017, arXiv:1706.04599.
    public var temperature: Float
    /// The lowest score of the second label with which it is the answer.
    ///
    /// It is used by a softmax with two labels, and ignored otherwise.
    public var threshold: Float

    /// Creates a decision.
    ///
    /// - Parameters:
    ///   - activation: The function that turns logits into scores.
    ///   - temperature: The divisor of the logits, above zero.
    ///   - threshold: The lowest score of the second label with which it is the answer, for a softmax with two labels.
    public init(activation: Activation = .softmax, temperature: Float = 1, threshold: Float = 0.5) {
        self.activation = activation
        self.temperature = temperature
        self.threshold = threshold
    }
}

extension Decision {
    private enum Keys {
        static let activation = MetadataKey<Activation>.choice("pinson.decision.activation")
        static let temperature = MetadataKey.float(
            "pinson.decision.temperature", in: 0.001...1000)
        static let threshold = MetadataKey.float("pinson.decision.threshold", in: 0...1)
    }

    /// Reads the decision from a model file.
    ///
    /// - Parameter metadata: The file's metadata.
    /// - Throws: `ModelFileError` if a key is missing or has a value that is not valid.
    public init(_ metadata: Metadata) throws(ModelFileError) {
        activation = try Keys.activation.value(in: metadata)
        temperature = try Keys.temperature.value(in: metadata)
        threshold = try Keys.threshold.value(in: metadata)
    }

    /// The decision as metadata.
    public var entries: [MetadataEntry] {
        [
            Keys.activation.entry(activation), Keys.temperature.entry(temperature), Keys.threshold.entry(threshold),
        ]
    }
}
