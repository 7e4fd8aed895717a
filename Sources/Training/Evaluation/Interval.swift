/// The two bounds of a confidence interval.
public struct Interval: Codable, Equatable, Sendable {
    /// The lower bound.
    public var low: Double
    /// The upper bound.
    public var high: Double

    /// Creates an interval.
    public init(low: Double, high: Double) {
        self.low = low
        self.high = high
    }

    /// The interval of a share, by the method of Wilson, which also works for few examples and for shares near 0 or 1.
    ///
    /// - Parameters:
    ///   - part: The number of examples that count.
    ///   - whole: The number of all examples, at least 1.
    ///   - z: The quantile of the normal distribution; the default is that of a level of 95 %.
    /// - Source: Wilson 1927, doi:10.1080/01621459.1927.10502953.
    public init(share part: Int, of whole: Int, z: Double = 1.959963984540054) {
        let n = Double(whole)
        let p = Double(part) / n
        let centre = p + z * z / (2 * n)
        let margin = z * (p * (1 - p) / n + z * z / (4 * n * n)).squareRoot()
        let scale = 1 + z * z / n
        self.init(low: max(0, (centre - margin) / scale), high: min(1, (centre + margin) / scale))
    }

    /// The interval between two percentiles of values, which are equally far from the ends.
    ///
    /// Between two values, the percentile is interpolated linearly.
    ///
    /// - Parameters:
    ///   - values: The values, in any order; at least one.
    ///   - level: The share of the values that lies inside, such as 0.95.
    init(percentilesOf values: [Double], level: Double) {
        let sorted = values.sorted()
        func percentile(_ share: Double) -> Double {
            let position = share * Double(sorted.count - 1)
            let lower = min(max(Int(position), 0), sorted.count - 1)
            let upper = min(lower + 1, sorted.count - 1)
            return sorted[lower] + (sorted[upper] - sorted[lower]) * (position - Double(lower))
        }
        self.init(low: percentile((1 - level) / 2), high: percentile((1 + level) / 2))
    }
}
