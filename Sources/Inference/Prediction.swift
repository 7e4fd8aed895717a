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
    /// The number of these tokens that the model does not know, or nil if its family does not count them.
    public var unknownTokens: Int?
    /// Why the label was chosen, if that was asked for.
    public internal(set) var explanation: Explanation?

    /// Whether all scores and logits are finite numbers.
    ///
    /// They are not if the weights of the model are damaged or too large. Such an answer means nothing, so nothing may
    /// be built on it: neither its label nor its scores.
    public var isFinite: Bool { scores.allSatisfy(\.isFinite) && logits.allSatisfy(\.isFinite) }
}

/// A model gives numbers that are not finite, so it has no answer.
public struct NotFiniteError: Error, Equatable, CustomStringConvertible {
    /// The model's file.
    public let path: String

    /// Describes the problem.
    ///
    /// - Parameter path: The model's file.
    public init(path: String) { self.path = path }

    /// The file, the problem and the next step.
    public var description: String {
        "\(path): the output of the model is not a finite number, so the model has no answer. Its weights may be damaged: "
            + "check them with `pinson inspect --verify`, and pack the checkpoint again."
    }
}
