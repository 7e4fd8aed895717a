import Foundation

/// What a classifier should answer: a distribution over the classes for each text.
///
/// A label is a distribution with one 1. Label smoothing and a teacher spread it.
public struct SoftTargets: Sendable {
    /// The number of classes.
    public let classes: Int
    /// The probabilities, (texts, classes).
    private(set) var values: [Float]
    /// The factor of each class in the loss.
    private let weights: [Double]

    /// Creates targets from labels.
    ///
    /// - Parameters:
    ///   - labels: The class of each text.
    ///   - classes: The number of classes.
    ///   - soft: The probabilities to learn instead of the labels, (texts, classes), or nil.
    ///   - smoothing: The share of each distribution that is spread over all classes evenly, from 0 to less than 1.
    ///   - weights: The factor of each class in the loss. Nil takes 1 for each.
    public init(
        labels: [Int], classes: Int, soft: [Double]? = nil, smoothing: Double = 0, weights: [Double]? = nil
    ) {
        self.classes = classes
        self.weights = weights ?? Array(repeating: 1, count: classes)
        values = labels.enumerated().flatMap { text, label in
            (0..<classes).map { index in
                let target = soft?[text * classes + index] ?? (index == label ? 1 : 0)
                return Float((1 - smoothing) * target + smoothing / Double(classes))
            }
        }
    }

    /// All targets and weights as text, from which a digest can be made.
    public var digestText: String { "\(classes) \(weights) \(values.map(\.bitPattern))" }

    /// The weight of a text in the loss: that of its most probable class.
    func weight(_ text: Int) -> Double {
        guard let first = weights.first, weights.contains(where: { $0 != first }) else { return weights.first ?? 1 }
        let row = values[text * classes..<(text + 1) * classes]
        let best = row.indices.max { (row[$0], $1) < (row[$1], $0) } ?? row.startIndex
        return weights[best - row.startIndex]
    }

    /// The loss of a text and its gradient.
    ///
    /// The loss is the cross-entropy −Σ w_c q_c ln p_c with p = softmax(logits), divided by `total`.
    ///
    /// - Parameters:
    ///   - text: The number of the text.
    ///   - logits: The outputs of the model for the text, (classes).
    ///   - total: The sum of the weights of all texts of the step.
    ///   - gradient: Receives the gradient of the loss with respect to the logits, (classes).
    /// - Returns: The loss.
    func loss(_ text: Int, _ logits: Floats, total: Double, gradient: Floats) -> Double {
        let top = (0..<classes).map { Double(logits[$0]) }.max() ?? 0
        let powers = (0..<classes).map { exp(Double(logits[$0]) - top) }
        let sum = powers.reduce(0, +)
        var (loss, mass) = (0.0, 0.0)
        for index in 0..<classes {
            let target = weights[index] * Double(values[text * classes + index])
            mass += target
            loss -= target * (Double(logits[index]) - top - log(sum))
        }
        for index in 0..<classes {
            let target = weights[index] * Double(values[text * classes + index])
            gradient[index] = Float((mass * powers[index] / sum - target) / total)
        }
        return loss / total
    }
}
