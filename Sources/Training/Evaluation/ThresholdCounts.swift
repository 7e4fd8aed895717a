/// How many examples have at least a score, for each score that occurs.
///
/// The ROC curve, the precision-recall curve, the areas under them and the choice of a threshold all follow from these
/// counts.
struct ThresholdCounts {
    /// The scores that occur, from the highest to the lowest.
    private(set) var thresholds: [Double] = []
    /// For each threshold, the number of positive examples with at least this score.
    private(set) var truePositives: [Int] = []
    /// For each threshold, the number of negative examples with at least this score.
    private(set) var falsePositives: [Int] = []

    /// The number of positive examples.
    var positives: Int { truePositives.last ?? 0 }
    /// The number of negative examples.
    var negatives: Int { falsePositives.last ?? 0 }

    /// Counts the examples.
    ///
    /// - Parameters:
    ///   - scores: The score of each example.
    ///   - isPositive: Whether each example belongs to the positive class.
    init(scores: [Double], isPositive: [Bool]) {
        self.init(
            scores: scores, isPositive: isPositive, order: Self.order(of: scores),
            weights: [Int](repeating: 1, count: scores.count))
    }

    /// Counts the examples, some of which occur several times or not at all.
    ///
    /// - Parameters:
    ///   - scores: The score of each example.
    ///   - isPositive: Whether each example belongs to the positive class.
    ///   - order: The result of `order(of: scores)`.
    ///   - weights: How often each example occurs.
    init(scores: [Double], isPositive: [Bool], order: [Int], weights: [Int]) {
        var (positives, negatives) = (0, 0)
        thresholds.reserveCapacity(order.count)
        truePositives.reserveCapacity(order.count)
        falsePositives.reserveCapacity(order.count)
        for example in order where weights[example] > 0 {
            if isPositive[example] { positives += weights[example] } else { negatives += weights[example] }
            if scores[example] == thresholds.last {
                truePositives[truePositives.count - 1] = positives
                falsePositives[falsePositives.count - 1] = negatives
            } else {
                thresholds.append(scores[example])
                truePositives.append(positives)
                falsePositives.append(negatives)
            }
        }
    }

    /// Returns the indices of the scores, from the highest score to the lowest.
    static func order(of scores: [Double]) -> [Int] {
        scores.indices.sorted { scores[$0] > scores[$1] }
    }

    /// The area under the ROC curve (receiver operating characteristic), or nil without positive or negative examples.
    ///
    /// It is the probability that a positive example has a higher score than a negative one; a tie counts as one half.
    /// The sum is made of whole numbers, so it is exact.
    ///
    /// - Source: Mann and Whitney 1947, doi:10.1214/aoms/1177730491.
    var rocArea: Double? {
        guard positives > 0, negatives > 0 else { return nil }
        var twice = 0
        var (tp, fp) = (0, 0)
        for index in thresholds.indices {
            twice += (falsePositives[index] - fp) * (truePositives[index] + tp)
            (tp, fp) = (truePositives[index], falsePositives[index])
        }
        return Double(twice) / 2 / (Double(positives) * Double(negatives))
    }

    /// The area under the precision-recall curve as a sum of steps, or nil without positive examples.
    ///
    /// It is the sum of (Rₙ − Rₙ₋₁) · Pₙ over the thresholds, with recall R and precision P. Values between the thresholds
    /// are not interpolated, because this would promise too much.
    ///
    /// - Source: Davis and Goadrich 2006, doi:10.1145/1143844.1143874; the definition is the one of scikit-learn.
    var averagePrecision: Double? {
        guard positives > 0 else { return nil }
        var sum = 0.0
        var tp = 0
        for index in thresholds.indices where truePositives[index] > tp {
            let claimed = truePositives[index] + falsePositives[index]
            sum += Double(truePositives[index] - tp) * Double(truePositives[index]) / Double(claimed)
            tp = truePositives[index]
        }
        return sum / Double(positives)
    }
}
