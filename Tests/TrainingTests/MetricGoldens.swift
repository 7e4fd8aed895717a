import Fixtures
import Foundation
import Training

/// The measures of seeded random predictions, computed by scikit-learn and SciPy.
struct MetricGoldens: Decodable {
    struct Case: Decodable {
        var labels: [String]
        var truth: [Int]
        var predicted: [Int]
        var scores: [[Double]]
        var overall: [Metric: Double]
        var perLabel: [[String: Double?]]
        var intervals: [Metric: [Double]]
        var curves: [Curves]
        var thresholds: [String: Double]?

        var predictions: Predictions {
            Predictions(labels: labels, truth: truth, predicted: predicted, scores: scores)
        }
    }

    struct Curves: Decodable {
        var roc: Curve
        var precisionRecall: Curve
        var reliability: [String: [Double]]
    }

    struct Wilson: Decodable {
        var part: Int
        var whole: Int
        var low: Double
        var high: Double
    }

    var resamples: Int
    var seed: UInt64
    var level: Double
    var cases: [Case]
    var mcNemar: [McNemar]
    var wilson: [Wilson]

    static func read() throws -> MetricGoldens {
        let url = Workplace.repository.appendingPathComponent("Tests/TrainingTests/Goldens/metrics.json")
        return try JSONDecoder().decode(MetricGoldens.self, from: Data(contentsOf: url))
    }
}

/// Whether two numbers differ by at most `tolerance`, relative to the expected number if it is above 1.
func isNear(_ value: Double?, _ expected: Double?, _ tolerance: Double = 1e-12) -> Bool {
    guard let value, let expected else { return value == nil && expected == nil }
    return abs(value - expected) <= tolerance * max(1, abs(expected))
}

/// Whether the numbers of two lists are near each other, one by one.
func areNear(_ values: [Double], _ expected: [Double]) -> Bool {
    values.count == expected.count && zip(values, expected).allSatisfy { isNear($0, $1) }
}
