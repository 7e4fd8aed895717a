/// An example that a model answered wrong.
public struct Mistake: Codable, Equatable, Sendable {
    /// The index of the example.
    public var example: Int
    /// The text.
    public var text: String
    /// The true label.
    public var truth: String
    /// The label that the model predicted.
    public var predicted: String
    /// The score of the predicted label.
    public var confidence: Double
    /// The score of the true label.
    public var truthScore: Double
}

extension Predictions {
    /// Returns the mistakes of which the model was most sure; some of them may be wrong labels in the data.
    ///
    /// - Parameters:
    ///   - texts: The text of each example.
    ///   - limit: The largest number of mistakes.
    /// - Returns: The mistakes, the most confident one first.
    public func worstMistakes(texts: [String], limit: Int = 20) -> [Mistake] {
        precondition(texts.count == count)
        let wrong = (0..<count).filter { !isRight($0) }
        // Examples with equal confidence keep their order, so that the list is the same each time.
        let worst = wrong.sorted { (-confidence($0), $0) < (-confidence($1), $1) }.prefix(limit)
        return worst.map { example in
            Mistake(
                example: example, text: texts[example], truth: labels[truth[example]],
                predicted: labels[predicted[example]], confidence: confidence(example),
                truthScore: scores[truth[example]][example])
        }
    }
}
