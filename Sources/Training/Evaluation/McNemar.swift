internal import Foundation

/// The paired test whether two models that answered the same examples differ in accuracy.
///
/// Only the examples count that exactly one of the models answered right. If both models were equally good, each of
/// these examples would be a fair coin.
///
/// - Source: McNemar 1947, doi:10.1007/BF02295996; Edwards 1948, doi:10.1007/BF02289261 for the correction.
public struct McNemar: Codable, Equatable, Sendable {
    /// The number of examples that only the first model answered right.
    public var onlyFirst: Int
    /// The number of examples that only the second model answered right.
    public var onlySecond: Int
    /// The probability of a difference at least this large between equally good models: the exact binomial test with
    /// two sides.
    public var exactP: Double
    /// The statistic (|b − c| − 1)² / (b + c), with continuity correction; 0 if b and c are equal.
    public var statistic: Double
    /// The probability that belongs to the statistic, from the chi-squared distribution with one degree of freedom.
    public var correctedP: Double

    /// Tests two numbers of examples.
    ///
    /// - Parameters:
    ///   - onlyFirst: The number of examples that only the first model answered right.
    ///   - onlySecond: The number of examples that only the second model answered right.
    public init(onlyFirst: Int, onlySecond: Int) {
        self.onlyFirst = onlyFirst
        self.onlySecond = onlySecond
        exactP = binomialP(min(onlyFirst, onlySecond), of: onlyFirst + onlySecond)
        let difference = max(Double(abs(onlyFirst - onlySecond)) - 1, 0)
        statistic = difference == 0 ? 0 : difference * difference / Double(onlyFirst + onlySecond)
        correctedP = erfc((statistic / 2).squareRoot())
    }
}

/// Returns the probability that a fair coin is at least as uneven in `count` throws as `least` times one side.
///
/// The binomial coefficients are summed as multiples of the largest one, so that nothing overflows.
///
/// - Parameters:
///   - least: The number of throws of the rarer side, at most `count / 2`.
///   - count: The number of throws.
/// - Returns: The probability.
private func binomialP(_ least: Int, of count: Int) -> Double {
    guard 2 * least < count else { return 1 }
    var coefficient = 1.0
    var tail = 0.0
    var lower = 0.0  // the sum below the middle
    for k in stride(from: count / 2, through: 0, by: -1) {
        if 2 * k < count { lower += coefficient }
        if k <= least { tail += coefficient }
        coefficient *= Double(k) / Double(count - k + 1)
    }
    let middle = count.isMultiple(of: 2) ? 1.0 : 0
    return min(1, 2 * tail / (2 * lower + middle))
}
