import Foundation

/// How much more often each feature occurs in the texts of a class than in the others, as a logarithm.
///
/// A linear model that learns from features that are multiplied by these ratios starts from what naive Bayes knows.
///
/// - Source: Wang and Manning 2012, "Baselines and bigrams: simple, good sentiment and topic classification".
struct LogCountRatios {
    /// The ratio of each column: of the second class for two classes, otherwise of each class.
    let ratios: [[Float]]

    /// Computes the ratios.
    ///
    /// - Parameters:
    ///   - rows: Rows of 0 and 1.
    ///   - labels: The class of each row, from 0.
    ///   - classes: The number of classes, at least 2.
    init(_ rows: SparseMatrix, _ labels: [Int], classes: Int) {
        ratios = (classes == 2 ? [1] : Array(0..<classes)).map { wanted in
            var inside = [Double](repeating: 1, count: rows.columnCount)
            var outside = inside
            for row in 0..<rows.rowCount {
                for column in rows.columns[rows.range(of: row)] {
                    if labels[row] == wanted { inside[Int(column)] += 1 } else { outside[Int(column)] += 1 }
                }
            }
            let offset = log(outside.reduce(0, +) / inside.reduce(0, +))
            return zip(inside, outside).map { Float(log($0 / $1) + offset) }
        }
    }

    /// Trains a model of two classes on weighted features; with more classes, one against the rest each.
    ///
    /// - Parameters:
    ///   - rows: Rows of 0 and 1.
    ///   - labels: The class of each row.
    ///   - soft: The probability of each class of each row, or nil.
    ///   - fit: Trains a model of two classes on rows, with the labels and the probabilities that it gets.
    /// - Returns: The model for features that are not weighted.
    func train(
        _ rows: SparseMatrix, _ labels: [Int], soft: [Double]?,
        _ fit: (_ rows: SparseMatrix, _ labels: [Int], _ soft: [Double]?) -> LinearModel
    ) -> LinearModel {
        let outputs = ratios.count
        var weights = [Double](repeating: 0, count: rows.columnCount * outputs)
        var bias: [Double] = []
        for (output, factors) in ratios.enumerated() {
            var weighted = rows
            weighted.scale(columnsBy: factors)
            let model =
                outputs == 1
                ? fit(weighted, labels, soft)
                : fit(
                    weighted, labels.map { $0 == output ? 1 : 0 },
                    soft.map { soft in
                        labels.indices.flatMap { [1 - soft[$0 * outputs + output], soft[$0 * outputs + output]] }
                    })
            for column in factors.indices {
                weights[column * outputs + output] = model.weights[column] * Double(factors[column])
            }
            bias += model.bias
        }
        return LinearModel(outputs: outputs, weights: weights, bias: bias)
    }
}
