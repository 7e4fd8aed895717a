import Glibc
public import ModelFile

/// Whether a sample of texts differs from those of the training by more than chance.
///
/// Four statistics are compared, each with a test of two samples: the labels with the chi-square test of homogeneity, and the
/// means of the scores, of the logarithms of the lengths, and of the shares of unknown tokens with Welch's test. Samples are
/// large, so the normal distribution stands for that of Student. By Bonferroni's inequality, the probability that any of the
/// tests says that texts have changed, although they have not, is at most `alpha`.
///
/// - Source: K. Pearson, 1900 (chi-square); B. L. Welch, 1947; C. E. Bonferroni, 1936.
public struct DriftTest: Sendable, Equatable {
    /// What is compared.
    public enum Statistic: String, Sendable, CaseIterable {
        /// How often each label was given.
        case labels
        /// The mean score of the labels that were given.
        case score
        /// The mean length of the texts.
        case length
        /// The mean share of tokens that the model does not know.
        case unknown
    }

    /// The probability of a difference that is at least as large, if only chance was at work.
    public let probabilities: [(statistic: Statistic, p: Double)]
    /// The probability of a false alarm.
    public let alpha: Double

    /// Compares a sample with the statistics of the training.
    ///
    /// - Parameters:
    ///   - sample: The sample.
    ///   - training: The statistics of the training.
    ///   - alpha: The probability of a false alarm.
    public init(_ sample: Sample, _ training: TrainingStatistics, alpha: Double) {
        self.alpha = alpha
        var probabilities: [(Statistic, Double)] = [
            (.labels, Self.homogeneity(sample.labels, training.labels)),
            (.score, Self.equality(sample.score, training.score, training.texts)),
            (.length, Self.equality(sample.length, training.length, training.texts)),
        ]
        if let unknown = training.unknown, sample.unknown.count > 1 {
            probabilities.append((.unknown, Self.equality(sample.unknown, unknown, training.texts)))
        }
        self.probabilities = probabilities
    }

    /// The statistics that have changed.
    public var changed: [Statistic] {
        probabilities.filter { $0.p * Double(probabilities.count) < alpha }.map(\.statistic)
    }

    /// Whether two tests have the same result.
    public static func == (a: DriftTest, b: DriftTest) -> Bool {
        a.alpha == b.alpha && a.probabilities.elementsEqual(b.probabilities) { $0 == $1 }
    }

    /// The probability that two means differ as much by chance, by Welch's test.
    static func equality(_ sample: Sample.Sums, _ other: TrainingStatistics.Spread, _ texts: Int) -> Double {
        let error =
            (sample.variance / Double(max(1, sample.count))
            + Double(other.deviation) * Double(other.deviation) / Double(max(1, texts))).squareRoot()
        let difference = abs(sample.mean - Double(other.mean))
        // The file has numbers of 32 bits, so smaller differences mean nothing.
        guard difference > 1e-6 * max(1, abs(Double(other.mean))) else { return 1 }
        guard error > 0 else { return 0 }
        return erfc(difference / error / 2.0.squareRoot())
    }

    /// The probability that the shares of labels in two samples differ as much by chance, by the chi-square test.
    static func homogeneity(_ a: [Int], _ b: [Int]) -> Double {
        let (sumA, sumB) = (Double(a.reduce(0, +)), Double(b.reduce(0, +)))
        guard sumA > 0, sumB > 0, a.count == b.count else { return 1 }
        // The test is exact enough where at least five are expected, so rare labels count as one.
        var cells: [(a: Double, b: Double)] = []
        var rare = (a: 0.0, b: 0.0)
        for (countA, countB) in zip(a, b) {
            let expected = Double(countA + countB) * min(sumA, sumB) / (sumA + sumB)
            if expected < 5 {
                rare = (rare.a + Double(countA), rare.b + Double(countB))
            } else {
                cells.append((Double(countA), Double(countB)))
            }
        }
        if rare.a + rare.b > 0 { cells.append(rare) }
        guard cells.count > 1 else { return 1 }
        let total = sumA + sumB
        let square = cells.reduce(0.0) { sum, cell in
            let (expectedA, expectedB) = ((cell.a + cell.b) * sumA / total, (cell.a + cell.b) * sumB / total)
            return sum + (cell.a - expectedA) * (cell.a - expectedA) / expectedA
                + (cell.b - expectedB) * (cell.b - expectedB) / expectedB
        }
        return chiSquareTail(square, degrees: cells.count - 1)
    }

    /// The probability that a number with the chi-square distribution is larger.
    ///
    /// It is the regularized upper incomplete gamma function of half of both.
    ///
    /// - Source: Abramowitz and Stegun, 26.4.19, 6.5.29 (series) and 6.5.31 (continued fraction).
    static func chiSquareTail(_ square: Double, degrees: Int) -> Double {
        let (a, x) = (Double(degrees) / 2, square / 2)
        guard x > 0 else { return 1 }
        let scale = exp(a * log(x) - x - lgamma(a))
        if x < a + 1 {
            var (term, sum, n) = (1 / a, 1 / a, a)
            while term > sum * 1e-16 {
                n += 1
                term *= x / n
                sum += term
            }
            return max(0, 1 - scale * sum)
        }
        // Lentz's method.
        var b = x + 1 - a
        var (c, d) = (1e300, 1 / b)
        var fraction = d
        for i in 1...500 {
            let an = -Double(i) * (Double(i) - a)
            b += 2
            d = 1 / (an * d + b)
            c = b + an / c
            fraction *= c * d
            if abs(c * d - 1) < 1e-15 { break }
        }
        return min(1, scale * fraction)
    }
}
