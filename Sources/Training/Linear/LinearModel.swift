/// The weights of a linear model over the columns of a ``Vectorizer``.
public struct LinearModel: Sendable, Equatable {
    /// The number of outputs: 1 for two classes, otherwise one for each class.
    public let outputs: Int
    /// The weights, (columns, outputs).
    public var weights: [Double]
    /// The bias of each output.
    public var bias: [Double]

    /// The columns that have a weight other than zero.
    var usedColumns: [Int] {
        (0..<weights.count / outputs).filter { column in
            (0..<outputs).contains { weights[column * outputs + $0] != 0 }
        }
    }

    /// The outputs for each row, (rows, outputs).
    ///
    /// - Parameter rows: Rows of the vectorizer that the model was trained with.
    /// - Returns: The outputs of all rows, one row after the other.
    public func outputs(of rows: SparseMatrix) -> [Double] {
        var scores: [Double] = []
        scores.reserveCapacity(rows.rowCount * outputs)
        for row in 0..<rows.rowCount {
            var sums = bias
            for index in rows.range(of: row) {
                for output in 0..<outputs {
                    sums[output] += Double(rows.values[index]) * weights[Int(rows.columns[index]) * outputs + output]
                }
            }
            scores += sums
        }
        return scores
    }

    /// The class of each row.
    ///
    /// - Parameter rows: Rows of the vectorizer that the model was trained with.
    /// - Returns: The index of the class with the highest output.
    public func classes(of rows: SparseMatrix) -> [Int] {
        let scores = outputs(of: rows)
        return (0..<rows.rowCount).map { row in
            guard outputs > 1 else { return scores[row] > 0 ? 1 : 0 }
            return (0..<outputs).max { scores[row * outputs + $0] < scores[row * outputs + $1] } ?? 0
        }
    }
}
