import Foundation

/// Trains naive Bayes models, which are linear in the counts of the n-grams.
public struct NaiveBayes: Sendable {
    /// The kind of naive Bayes.
    public enum Kind: String, Sendable, CaseIterable {
        /// The probability of each n-gram of a class.
        case multinomial
        /// The probability of each n-gram in all other classes. It is better for classes of different sizes.
        ///
        /// - Source: Rennie et al. 2003, "Tackling the poor assumptions of naive Bayes text classifiers".
        case complement
        /// The probability that a text of a class has an n-gram. The numbers must be 0 or 1.
        case bernoulli
    }

    /// The kind of naive Bayes.
    public var kind: Kind
    /// The number that is added to each count.
    public var smoothing: Double

    /// Creates a trainer.
    ///
    /// - Parameters:
    ///   - kind: The kind of naive Bayes.
    ///   - smoothing: The number that is added to each count, above zero.
    public init(_ kind: Kind, smoothing: Double = 1) {
        self.kind = kind
        self.smoothing = smoothing
    }

    /// Trains a model.
    ///
    /// - Parameters:
    ///   - rows: The rows, whose numbers are not negative.
    ///   - labels: The class of each row, from 0.
    ///   - classes: The number of classes, at least 2. Each class has a row.
    /// - Returns: The model.
    public func train(_ rows: SparseMatrix, _ labels: [Int], classes: Int) -> LinearModel {
        let columns = rows.columnCount
        var sums = [[Double]](repeating: Array(repeating: 0, count: columns), count: classes)
        var texts = [Double](repeating: 0, count: classes)
        for row in 0..<rows.rowCount {
            texts[labels[row]] += 1
            for index in rows.range(of: row) {
                sums[labels[row]][Int(rows.columns[index])] += Double(rows.values[index])
            }
        }
        let priors = texts.map { log($0 / Double(rows.rowCount)) }
        var weights = [[Double]](repeating: [], count: classes)
        var bias = priors
        for label in 0..<classes {
            switch kind {
            case .multinomial:
                let total = sums[label].reduce(0) { $0 + $1 + smoothing }
                weights[label] = sums[label].map { log(($0 + smoothing) / total) }
            case .complement:
                let others = (0..<columns).map { column in
                    (0..<classes).reduce(smoothing) { $1 == label ? $0 : $0 + sums[$1][column] }
                }
                let total = others.reduce(0, +)
                weights[label] = others.map { -log($0 / total) }
                bias[label] = 0
            case .bernoulli:
                let chances = sums[label].map { ($0 + smoothing) / (texts[label] + 2 * smoothing) }
                weights[label] = chances.map { log($0 / (1 - $0)) }
                bias[label] += chances.reduce(0) { $0 + log1p(-$1) }
            }
        }
        if classes == 2 {
            return LinearModel(
                outputs: 1, weights: zip(weights[1], weights[0]).map { $0 - $1 }, bias: [bias[1] - bias[0]])
        }
        let interleaved = (0..<columns).flatMap { column in weights.map { $0[column] } }
        return LinearModel(outputs: classes, weights: interleaved, bias: bias)
    }
}
