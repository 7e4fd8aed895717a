/// A trained bag of vectors.
public struct TrainedAverage: Sendable {
    /// The n-grams that have vectors.
    public let vectorizer: Vectorizer
    /// The columns that have vectors, if some of those that were counted are left out.
    private let selection: [Int]?
    /// The number of dimensions of a vector.
    public let width: Int
    /// The vectors, (columns, width).
    public internal(set) var rows: [Float]
    /// The weights of the layer, (outputs, width).
    public internal(set) var weights: [Float] = []
    /// The number that is added to each output.
    public internal(set) var bias: [Float] = []

    /// Creates a model without a layer.
    ///
    /// - Parameters:
    ///   - vectorizer: The n-grams that have vectors.
    ///   - selection: The columns that have vectors, if some of those that were counted are left out.
    ///   - rows: The vectors, (columns, width).
    ///   - width: The number of dimensions of a vector.
    init(_ vectorizer: Vectorizer, selection: [Int]?, _ rows: [Float], width: Int) {
        (self.vectorizer, self.selection, self.rows, self.width) = (vectorizer, selection, rows, width)
    }

    /// The number of outputs: 1 for two classes, otherwise one for each class.
    public var outputCount: Int { bias.count }

    /// The outputs for each text, (texts, outputs).
    ///
    /// - Parameter counts: The counts of the features of each text, or of all features among which the model has chosen.
    /// - Returns: The outputs of all texts, one text after the other.
    public func outputs(of counts: SparseMatrix) -> [Double] {
        var counts = counts
        if let selection, counts.columnCount != vectorizer.columnCount { counts = counts.columns(at: selection) }
        return (0..<counts.rowCount).flatMap { text in
            let mean = mean(counts, text)
            return bias.indices.map { output in
                Double(mean.indices.reduce(bias[output]) { $0 + weights[output * width + $1] * mean[$1] })
            }
        }
    }

    /// The mean of the vectors of a text, (width).
    func mean(_ counts: SparseMatrix, _ text: Int) -> [Float] {
        var (sum, count) = ([Float](repeating: 0, count: width), Float(0))
        sum.withUnsafeMutableBufferPointer { sum in
            rows.withUnsafeBufferPointer { rows in
                for place in counts.range(of: text) {
                    let start = Int(counts.columns[place]) * width
                    for index in 0..<width { sum[index] += counts.values[place] * rows[start + index] }
                    count += counts.values[place]
                }
            }
        }
        return count > 0 ? sum.map { $0 / count } : sum
    }

    /// Multiplies all outputs by the factor of a calibration, and adds its offset.
    ///
    /// - Parameter calibration: The calibration.
    public mutating func calibrate(_ calibration: Calibration) {
        Vector.scale(&weights, by: Float(calibration.factor))
        for output in bias.indices {
            bias[output] = bias[output] * Float(calibration.factor) + Float(calibration.offset)
        }
    }

    /// Whether all numbers are finite.
    ///
    /// They are not if the learning rate was far too large.
    public var isFinite: Bool {
        [rows, weights, bias].allSatisfy { $0.allSatisfy(\.isFinite) }
    }

    /// How much each n-gram can change an output: the largest product of its vector and the layer.
    var importance: [Float] {
        (0..<rows.count / width).map { row in
            bias.indices.reduce(Float(0)) { largest, output in
                let product = (0..<width).reduce(Float(0)) {
                    $0 + rows[row * width + $1] * weights[output * width + $1]
                }
                return max(largest, abs(product))
            }
        }
    }

    /// Learns the layer by a logistic regression on the means of texts, whose vectors stay as they are.
    mutating func fitLayer(_ counts: SparseMatrix, _ labels: [Int], classes: Int, soft: [Double]?) {
        var means = SparseMatrix(columnCount: width)
        for text in 0..<counts.rowCount {
            for (index, value) in mean(counts, text).enumerated() { means.append(value, column: Int32(index)) }
            means.endRow()
        }
        let (model, _) = LinearTrainer(.logistic, c: Self.c).train(means, labels, classes: classes, soft: soft)
        bias = model.bias.map { Float($0) }
        weights = bias.indices.flatMap { output in
            (0..<width).map { Float(model.weights[$0 * model.outputs + output]) }
        }
    }

    /// The weight of the loss against the penalty of the layer.
    ///
    /// The vectors have the length 1 on average, and a layer with few weights needs hardly any penalty.
    private static let c = 10.0
}
