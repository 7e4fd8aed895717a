/// The answer of a classifier for one text.
public struct Prediction: Sendable, Equatable {
    /// The index of the label in the classifier's `labels`.
    public let label: Int
    /// The score of each label, in the order of the labels.
    ///
    /// The scores of a softmax sum to 1.
    public let scores: [Float]
    /// The raw output of the model for each label.
    public let logits: [Float]
    /// The number of tokens that were read, with the start and end tokens.
    public let tokens: Int
    /// Whether the text had more tokens than the model reads.
    public let isTruncated: Bool
}
