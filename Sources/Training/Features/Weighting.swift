import Foundation

/// How the counts of n-grams become numbers.
public struct Weighting: Sendable, Equatable {
    /// How a count becomes a number.
    public enum Counting: String, Sendable, CaseIterable {
        /// The count.
        case count
        /// One plus the natural logarithm of the count.
        case sublinear
        /// One for an n-gram that occurs.
        case binary
    }

    /// How a count becomes a number.
    public var counting: Counting
    /// Whether the number is multiplied by the inverse document frequency.
    public var usesFrequency: Bool
    /// Whether the numbers of a block of a text are scaled to the Euclidean length 1.
    public var normalizes: Bool

    /// Sublinear TF-IDF, scaled to the length 1.
    public static let tfidf = Weighting(counting: .sublinear, usesFrequency: true, normalizes: true)
    /// One for each n-gram that occurs.
    public static let binary = Weighting(counting: .binary, usesFrequency: false, normalizes: false)

    /// Creates a weighting.
    ///
    /// - Parameters:
    ///   - counting: How a count becomes a number.
    ///   - usesFrequency: Whether the number is multiplied by the inverse document frequency.
    ///   - normalizes: Whether the numbers of a block of a text are scaled to the Euclidean length 1.
    public init(counting: Counting, usesFrequency: Bool, normalizes: Bool) {
        self.counting = counting
        self.usesFrequency = usesFrequency
        self.normalizes = normalizes
    }

    /// Turns counts into numbers.
    ///
    /// What is counted besides n-grams is multiplied by ``Vectorizer/countFactors``, whatever the weighting is.
    ///
    /// - Parameters:
    ///   - counts: Rows of counts.
    ///   - vectorizer: What has counted them.
    /// - Returns: The rows of numbers.
    public func applied(to counts: consuming SparseMatrix, of vectorizer: Vectorizer) -> SparseMatrix {
        let frequencies = vectorizer.vocabularies.flatMap(\.frequencies)
        let countFactors = vectorizer.countFactors.map(Float.init)
        let ends = vectorizer.columns.map { Int32($0.upperBound) }
        var rows = consume counts
        for row in 0..<rows.rowCount {
            var next = rows.starts[row]
            for end in ends {
                let first = next
                var squares = 0.0
                while next < rows.starts[row + 1], rows.columns[next] < end {
                    var value: Double
                    switch counting {
                    case .count: value = Double(rows.values[next])
                    case .sublinear: value = 1 + log(Double(rows.values[next]))
                    case .binary: value = 1
                    }
                    if usesFrequency { value *= frequencies[Int(rows.columns[next])] }
                    squares += value * value
                    rows.values[next] = Float(value)
                    next += 1
                }
                guard normalizes, squares > 0 else { continue }
                let factor = Float(1 / squares.squareRoot())
                for index in first..<next { rows.values[index] *= factor }
            }
            for index in next..<rows.starts[row + 1] {
                rows.values[index] *= countFactors[Int(rows.columns[index]) - vectorizer.ngramColumnCount]
            }
        }
        return rows
    }
}
