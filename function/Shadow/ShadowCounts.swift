import Telemetry

/// How the answers of the shadow model differ from those that clients got.
struct ShadowCounts: Sendable {
    /// The texts to which both models give the same label.
    private(set) var agreed = 0
    /// The texts with different labels: by the label that was answered, then by that of the shadow model.
    private(set) var disagreed: [[Int]]
    /// The texts that the shadow model did not see, because it was too busy.
    var dropped = 0
    /// The differences of the scores of the labels that were answered.
    private(set) var differences = Histogram(bounds: [0.01, 0.02, 0.05, 0.1, 0.2, 0.5])
    /// The seconds that the shadow model took for a text.
    private(set) var seconds = Histogram(bounds: Counters.bounds)

    init(labels: Int) { disagreed = Array(repeating: Array(repeating: 0, count: labels), count: labels) }

    /// Compares two answers to a text.
    ///
    /// - Parameters:
    ///   - answered: The number and the score of the label that was answered.
    ///   - other: The label of the shadow model, and its score of the label that was answered.
    ///   - time: The seconds that the shadow model took.
    mutating func compare(
        _ answered: (label: Int, score: Float), _ other: (label: Int, score: Float), seconds time: Double
    ) {
        if answered.label == other.label { agreed += 1 } else { disagreed[answered.label][other.label] += 1 }
        differences.add(Double(abs(answered.score - other.score)))
        seconds.add(time)
    }
}
