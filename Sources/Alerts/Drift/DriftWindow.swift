public import ModelFile

/// The last texts that were classified, and whether they differ from those of the training.
///
/// The window slides by a tenth of its size. A test is made only when all of its texts are new, so that each text is part of
/// one test, and the probability of a false alarm is that of one test for each full window.
public struct DriftWindow: Sendable {
    /// The number of texts of the window.
    public let size: Int
    /// The probability of a false alarm in each full window.
    public let alpha: Double
    /// What the texts of the training were like.
    public let training: TrainingStatistics
    /// Complete parts of the window, oldest first.
    private var parts: [Sample] = []
    private var current: Sample
    private var untested = 0

    static let partCount = 10

    /// Creates an empty window.
    ///
    /// - Parameters:
    ///   - training: What the texts of the training were like.
    ///   - size: The number of texts of the window, at least 100.
    ///   - alpha: The probability of a false alarm in each full window.
    public init(_ training: TrainingStatistics, size: Int, alpha: Double) {
        (self.training, self.size, self.alpha) = (training, size, alpha)
        current = Sample(labels: training.labels.count)
    }

    /// The texts that are in the window now.
    public var sample: Sample {
        var sample = current
        for part in parts { sample.add(part) }
        return sample
    }

    /// The comparison of the texts that are in the window now.
    public var test: DriftTest { DriftTest(sample, training, alpha: alpha) }

    /// Adds a text and its prediction.
    ///
    /// - Parameters:
    ///   - text: The text.
    ///   - label: The index of the label.
    ///   - score: The score of the label.
    ///   - tokens: The number of tokens.
    ///   - unknownTokens: The number of tokens that the model does not know, or nil.
    /// - Returns: The result of a test if the window is full of new texts, or nil.
    /// - Complexity: O(*n*) in the length of the text.
    public mutating func add(_ text: String, label: Int, score: Float, tokens: Int, unknownTokens: Int?) -> DriftTest? {
        current.add(text, label: label, score: score, tokens: tokens, unknownTokens: unknownTokens)
        guard current.texts >= size / Self.partCount else { return nil }
        parts.append(current)
        current = Sample(labels: training.labels.count)
        if parts.count > Self.partCount { parts.removeFirst() }
        untested += 1
        guard untested == Self.partCount else { return nil }
        untested = 0
        return test
    }
}
