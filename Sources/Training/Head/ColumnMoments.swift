/// The mean and the deviation of each column of vectors, with which all columns learn equally fast.
///
/// The vectors of an encoder have a large part in common, which would hide their differences from a dense layer.
struct ColumnMoments {
    /// The mean of each column.
    private let means: [Float]
    /// One divided by the standard deviation of each column, or 0 if all its values are equal.
    private let factors: [Float]

    init(_ vectors: TextVectors) {
        let width = vectors.width
        var (sums, squares) = ([Double](repeating: 0, count: width), [Double](repeating: 0, count: width))
        let count = Double(max(1, vectors.count))
        for index in 0..<vectors.count {
            for (column, value) in vectors[index].enumerated() { sums[column] += Double(value) / count }
        }
        for index in 0..<vectors.count {
            for (column, value) in vectors[index].enumerated() {
                let difference = Double(value) - sums[column]
                squares[column] += difference * difference / count
            }
        }
        means = sums.map(Float.init)
        factors = squares.map { $0 > 1e-12 ? Float(1 / $0.squareRoot()) : 0 }
    }

    /// Writes a vector whose columns have the mean 0 and the variance 1.
    func standardize(_ vector: ArraySlice<Float>, into output: UnsafeMutablePointer<Float>) {
        for (column, value) in vector.enumerated() { output[column] = (value - means[column]) * factors[column] }
    }

    /// A layer for vectors as they are, from one that has learned standardized vectors.
    ///
    /// - Parameters:
    ///   - weights: The weights of the layer, (outputs, width).
    ///   - bias: The biases, (outputs).
    /// - Returns: The weights and biases of the layer that gives the same outputs.
    func unfold(weights: ArraySlice<Float>, bias: ArraySlice<Float>) -> (weights: [Float], bias: [Float]) {
        let width = means.count
        let scaled = weights.enumerated().map { $1 * factors[$0 % width] }
        let moved = bias.enumerated().map { row, value in
            Float((0..<width).reduce(Double(value)) { $0 - Double(scaled[row * width + $1]) * Double(means[$1]) })
        }
        return (scaled, moved)
    }
}
