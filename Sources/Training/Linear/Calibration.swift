import Foundation

/// Changes the outputs of a model so that the scores are honest: of the answers with a score of 0.8, about 80 % are
/// right.
///
/// - Source: Platt 1999, "Probabilistic outputs for support vector machines"; Guo et al. 2017, arXiv:1706.04599.
public struct Calibration: Sendable, Equatable {
    /// The factor of the outputs, above zero.
    public var factor: Double
    /// The number that is added to the single output of a model with two classes.
    public var offset: Double

    /// Finds the calibration with the smallest log loss on texts that the model has not learned from.
    ///
    /// - Parameters:
    ///   - outputs: The outputs of each text, (texts, outputs).
    ///   - labels: The class of each text.
    ///   - count: The number of outputs of a text: 1 for two classes.
    public init(outputs: [Double], labels: [Int], count: Int) {
        var solver = LBFGS()
        solver.tolerance = 1e-7
        let hasOffset = count == 1
        let outcome = solver.minimize(from: [0, 0]) { position, gradient in
            let factor = exp(position[0])
            var loss = 0.0
            gradient = [0, 0]
            for (row, label) in labels.enumerated() {
                let scores = outputs[row * count..<(row + 1) * count].map { $0 * factor }
                if hasOffset {
                    let margin = scores[0] + position[1]
                    let wanted = label == 1 ? 1.0 : 0.0
                    loss += max(0, margin) - wanted * margin + log1p(exp(-abs(margin)))
                    let change = 1 / (1 + exp(-margin)) - wanted
                    gradient[0] += change * scores[0]
                    gradient[1] += change
                } else {
                    let largest = scores.max() ?? 0
                    let exponentials = scores.map { exp($0 - largest) }
                    let sum = exponentials.reduce(0, +)
                    loss += log(sum) + largest - scores[label]
                    for (score, exponential) in zip(scores, exponentials) { gradient[0] += exponential / sum * score }
                    gradient[0] -= scores[label]
                }
            }
            for index in gradient.indices { gradient[index] /= Double(labels.count) }
            return loss / Double(labels.count)
        }
        factor = exp(outcome.position[0])
        offset = hasOffset ? outcome.position[1] : 0
    }

    /// Calibrates outputs.
    ///
    /// - Parameter outputs: Numbers that are multiplied by the factor and get the offset added.
    public func apply(to outputs: inout [Double]) {
        for index in outputs.indices { outputs[index] = factor * outputs[index] + offset }
    }
}
