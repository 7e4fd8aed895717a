import Foundation

/// What a classifier should answer: a distribution over the classes for each text.
///
/// A label is a distribution with one 1, which label smoothing spreads. A teacher adds a distribution of its own.
public struct SoftTargets: Sendable {
    /// The answers of a larger model, which are learned beside the labels.
    ///
    /// With the share α and the temperature T, the loss of a text is α T² H(q_T, p_T) + (1 − α) H(y, p), where H is the
    /// cross-entropy, q_T and p_T are the distributions of teacher and student at that temperature, and y is the label.
    ///
    /// - Source: Hinton, Vinyals and Dean 2015, arXiv:1503.02531.
    public struct Teaching: Sendable {
        /// The probabilities that the teacher gives at the temperature, (texts, classes).
        public var probabilities: [Double]
        /// The share of the teacher in the loss of each text, from 0 to 1; 1 for a text without a label.
        public var shares: [Double]
        /// The divisor of the logits of the student, above 0.
        public var temperature: Double

        /// Creates answers of a teacher.
        public init(probabilities: [Double], shares: [Double], temperature: Double) {
            (self.probabilities, self.shares, self.temperature) = (probabilities, shares, temperature)
        }
    }

    /// The number of classes.
    public let classes: Int
    /// The probabilities of the labels, (texts, classes).
    private let values: [Float]
    /// The factor of each class in the loss.
    private let weights: [Double]
    private let teaching: Teaching?

    /// Creates targets from labels.
    ///
    /// - Parameters:
    ///   - labels: The class of each text.
    ///   - classes: The number of classes.
    ///   - teaching: The answers of a teacher, or nil.
    ///   - smoothing: The share of each label that is spread over all classes evenly, from 0 to less than 1.
    ///   - weights: The factor of each class in the loss. Nil takes 1 for each.
    public init(
        labels: [Int], classes: Int, teaching: Teaching? = nil, smoothing: Double = 0, weights: [Double]? = nil
    ) {
        precondition(teaching.map { $0.probabilities.count == labels.count * classes } ?? true)
        self.classes = classes
        self.teaching = teaching
        self.weights = weights ?? Array(repeating: 1, count: classes)
        values = labels.flatMap { label in
            (0..<classes).map { Float((1 - smoothing) * ($0 == label ? 1 : 0) + smoothing / Double(classes)) }
        }
    }

    /// All targets and weights as text, from which a digest can be made.
    public var digestText: String {
        let taught = teaching.map { "\($0.probabilities) \($0.shares) \($0.temperature)" } ?? ""
        return "\(classes) \(weights) \(values.map(\.bitPattern)) \(taught)"
    }

    /// The weight of a text in the loss: that of its label.
    func weight(_ text: Int) -> Double {
        guard let first = weights.first, weights.contains(where: { $0 != first }) else { return weights.first ?? 1 }
        let row = values[text * classes..<(text + 1) * classes]
        let best = row.indices.max { (row[$0], $1) < (row[$1], $0) } ?? row.startIndex
        return weights[best - row.startIndex]
    }

    /// The loss of a text and its gradient.
    ///
    /// The loss of a label is the cross-entropy −Σ w_c q_c ln p_c with p = softmax(logits). It is divided by `total`.
    ///
    /// - Parameters:
    ///   - text: The number of the text.
    ///   - logits: The outputs of the model for the text, (classes).
    ///   - total: The sum of the weights of all texts of the step.
    ///   - gradient: Receives the gradient of the loss with respect to the logits, (classes).
    /// - Returns: The loss.
    func loss(_ text: Int, _ logits: Floats, total: Double, gradient: Floats) -> Double {
        let row = text * classes..<(text + 1) * classes
        let share = teaching?.shares[text] ?? 0
        var (loss, sums) = (0.0, [Double](repeating: 0, count: classes))
        func add(_ targets: [Double], temperature: Double, factor: Double) {
            guard factor > 0 else { return }
            let scaled = (0..<classes).map { Double(logits[$0]) / temperature }
            let top = scaled.max() ?? 0
            let powers = scaled.map { exp($0 - top) }
            let sum = powers.reduce(0, +)
            let weighted = zip(weights, targets).map { $0 * $1 }
            let mass = weighted.reduce(0, +)
            for index in 0..<classes {
                loss -= factor * temperature * temperature * weighted[index] * (scaled[index] - top - log(sum))
                sums[index] += factor * temperature * (mass * powers[index] / sum - weighted[index])
            }
        }
        add(values[row].map(Double.init), temperature: 1, factor: 1 - share)
        if let teaching {
            add(Array(teaching.probabilities[row]), temperature: teaching.temperature, factor: share)
        }
        for index in 0..<classes { gradient[index] = Float(sums[index] / total) }
        return loss / total
    }
}
