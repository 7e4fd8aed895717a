import Fixtures
import Training

extension Predictions {
    /// Predictions of random labels, whose probabilities are right more often than not.
    static func random(_ seed: UInt64, count: Int, labels: [String]) -> Predictions {
        var random = Seeded(seed)
        let truth = (0..<count).map { _ in Int.random(in: labels.indices, using: &random) }
        let scores = truth.map { truth -> [Double] in
            let weights = labels.indices.map { label in
                Double(random.float()) + 1.1 + (label == truth ? 1 : 0)
            }
            return weights.map { $0 / weights.reduce(0, +) }
        }
        let predicted = scores.map { row in row.indices.max { row[$0] < row[$1] } ?? 0 }
        return Predictions(labels: labels, truth: truth, predicted: predicted, scores: scores)
    }
}
