/// Draws resamples of examples, to see how much a measure depends on which examples happen to be in the data.
///
/// Each resample has as many examples as the data, drawn with replacement. The same seed gives the same resamples on
/// every machine.
///
/// - Source: Efron 1979, doi:10.1214/aos/1176344552.
public struct Bootstrap: Codable, Equatable, Sendable {
    /// The number of resamples.
    public var resamples: Int
    /// The seed of the random numbers.
    public var seed: UInt64
    /// The share of the resamples that an interval holds.
    public var level: Double

    /// Chooses how resamples are drawn.
    ///
    /// - Parameters:
    ///   - resamples: The number of resamples, at least 1.
    ///   - seed: The seed of the random numbers.
    ///   - level: The share of the resamples that an interval holds, between 0 and 1.
    public init(resamples: Int = 1000, seed: UInt64 = 1, level: Double = 0.95) {
        precondition(resamples > 0 && level > 0 && level < 1)
        self.resamples = resamples
        self.seed = seed
        self.level = level
    }

    /// Calls `body` for each resample, and returns its results.
    ///
    /// - Parameters:
    ///   - count: The number of examples.
    ///   - body: Receives how often each example occurs in the resample.
    /// - Returns: The results, one for each resample.
    func map<Result>(count: Int, _ body: ([Int]) -> Result) -> [Result] {
        var random = SplitMix64(seed: seed)
        var weights = [Int](repeating: 0, count: count)
        return (0..<resamples).map { _ in
            for example in weights.indices { weights[example] = 0 }
            for _ in 0..<count { weights[random.index(below: count)] += 1 }
            return body(weights)
        }
    }

    /// Returns the interval of values that the resamples gave, or nil if no resample gave one.
    func interval(_ values: [Double?]) -> Interval? {
        let values = values.compactMap { $0 }
        return values.isEmpty ? nil : Interval(percentilesOf: values, level: level)
    }
}
