/// How often a class really occurs among the examples that got about the same probability.
///
/// The probabilities are sorted into bins of equal width. A bin holds the probabilities above its lower bound up to and
/// including its upper bound; the first bin also holds 0.
public struct ReliabilityCurve: Codable, Equatable, Sendable {
    /// The examples whose probability lies in one bin.
    public struct Bin: Codable, Equatable, Sendable {
        /// The lower bound of the bin.
        public var low: Double
        /// The upper bound of the bin.
        public var high: Double
        /// The number of examples in the bin.
        public var count: Int
        /// The mean of the probabilities.
        public var meanScore: Double
        /// The share of the examples that belong to the class.
        public var positiveShare: Double
    }

    /// The bins that have examples, from low to high probabilities.
    public var bins: [Bin]

    /// The expected calibration error: the mean of |share − mean probability| over the examples.
    ///
    /// For the measure of a whole model, the probability is that of the predicted label and the share is that of right
    /// answers, in 15 bins.
    ///
    /// - Source: Naeini, Cooper and Hauskrecht 2015, and Guo, Pleiss, Sun and Weinberger 2017, arXiv:1706.04599.
    public var calibrationError: Double {
        let total = bins.reduce(0) { $0 + $1.count }
        guard total > 0 else { return 0 }
        return bins.reduce(0) { $0 + Double($1.count) * abs($1.positiveShare - $1.meanScore) } / Double(total)
    }

    /// Sorts probabilities into bins.
    ///
    /// - Parameters:
    ///   - scores: The probability of each example, from 0 to 1.
    ///   - isPositive: Whether each example belongs to the class.
    ///   - weights: How often each example occurs, or nil if each occurs once.
    ///   - bins: The number of bins.
    public init(scores: [Double], isPositive: [Bool], weights: [Int]? = nil, bins: Int = 15) {
        precondition(scores.count == isPositive.count && bins > 0)
        let edges = (0...bins).map { Double($0) * (1 / Double(bins)) }
        var counts = [Int](repeating: 0, count: bins)
        var positives = counts
        var sums = [Double](repeating: 0, count: bins)
        for example in scores.indices {
            let weight = weights?[example] ?? 1
            let bin = Self.bin(of: scores[example], edges)
            counts[bin] += weight
            sums[bin] += scores[example] * Double(weight)
            if isPositive[example] { positives[bin] += weight }
        }
        self.bins = (0..<bins).filter { counts[$0] > 0 }.map { bin in
            Bin(
                low: edges[bin], high: edges[bin + 1], count: counts[bin],
                meanScore: sums[bin] / Double(counts[bin]),
                positiveShare: Double(positives[bin]) / Double(counts[bin]))
        }
    }

    /// Returns the bin with `edges[bin] < score <= edges[bin + 1]`.
    private static func bin(of score: Double, _ edges: [Double]) -> Int {
        let last = edges.count - 2
        var bin = min(max(Int(score * Double(last + 1)), 0), last)
        while bin > 0, score <= edges[bin] { bin -= 1 }
        while bin < last, score > edges[bin + 1] { bin += 1 }
        return bin
    }
}
