import Foundation

extension LinearObjective {
    /// The product of the matrix of second derivatives at a position with a direction.
    ///
    /// - Parameters:
    ///   - chances: The probability of each output of each row at the position, (rows, outputs).
    ///   - direction: The direction.
    /// - Returns: The product.
    func curvature(_ chances: [Double], along direction: [Double]) -> [Double] {
        let parts = inParallel(rows.rowCount, parts: Self.parts) { part in
            var sums = scratch.zeros(direction.count)
            rows.project(part, direction, outputs: outputs, addingTo: &sums) { row, scores in
                let first = row * outputs
                // The second of two classes stands for both, and 1 − p is the probability of the first one.
                let mean =
                    outputs == 1
                    ? chances[row] * scores[0] : scores.indices.reduce(0) { $0 + chances[first + $1] * scores[$1] }
                for output in scores.indices {
                    scores[output] = rowWeights[row] * chances[first + output] * (scores[output] - mean)
                }
            }
            return sums
        }
        var product: [Double] = []
        _ = add(parts, penaltyAt: direction, to: &product)
        return product
    }

    /// The probability of each output of each row at a position, (rows, outputs).
    func chances(at position: [Double]) -> [Double] {
        let bias = rows.columnCount * outputs
        let model = LinearModel(
            outputs: outputs, weights: Array(position[..<bias]), bias: Array(position[bias...]))
        var chances = model.outputs(of: rows)
        for first in stride(from: 0, to: chances.count, by: outputs) {
            guard outputs > 1 else {
                chances[first] = 1 / (1 + exp(-chances[first]))
                continue
            }
            let scores = chances[first..<first + outputs]
            let largest = scores.max() ?? 0
            let powers = scores.map { exp($0 - largest) }
            let sum = powers.reduce(0, +)
            for output in 0..<outputs { chances[first + output] = powers[output] / sum }
        }
        return chances
    }
}
