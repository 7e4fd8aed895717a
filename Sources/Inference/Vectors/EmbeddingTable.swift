import ModelFile

/// Vectors of words or n-grams in the mapped file: rows of integers of 8 bits, with a factor for each row or for all.
///
/// ``NgramTable`` finds the row of a word. The family of the model decides what is done with the rows: a bag of words
/// averages them, and a recurrent network reads them one after the other.
struct EmbeddingTable {
    /// The number of numbers of a row.
    let width: Int
    private let weights: Tensor
    private let scales: Tensor
    /// The distance between the factors of two rows: 0 if all rows share one.
    private let scaleStride: Int

    init(_ file: ModelFile, _ schema: EmbeddingTableSchema) throws(ModelFileError) {
        width = schema.width
        weights = try file.tensor(schema.weight)
        scales = try file.tensor(schema.scale)
        scaleStride = schema.scaling == .row ? 1 : 0
    }

    /// The rows, as long as the file exists.
    var lookup: Lookup {
        Lookup(
            width: width, scaleStride: scaleStride, weights: weights.elements(as: Int8.self),
            scales: scales.elements(as: Float.self))
    }

    /// The rows of a table, for many reads.
    struct Lookup {
        fileprivate let width: Int
        fileprivate let scaleStride: Int
        fileprivate let weights: UnsafeBufferPointer<Int8>
        fileprivate let scales: UnsafeBufferPointer<Float>

        /// Adds a multiple of a row to a sum.
        ///
        /// - Parameters:
        ///   - row: The index of the row.
        ///   - factor: What the row is multiplied by.
        ///   - sum: As many numbers as a row has.
        @inline(__always)
        func add(_ row: Int, times factor: Float, to sum: UnsafeMutableBufferPointer<Float>) {
            let factor = factor * scales[row &* scaleStride]
            let start = row &* width
            for index in 0..<width { sum[index] += factor * Float(weights[start &+ index]) }
        }

        /// The sum of the products of a row and other numbers.
        ///
        /// - Parameters:
        ///   - row: The index of the row.
        ///   - other: As many numbers as a row has.
        /// - Returns: The sum.
        func dot(_ row: Int, _ other: UnsafeBufferPointer<Float>) -> Float {
            let start = row &* width
            var sum: Float = 0
            for index in 0..<width { sum += Float(weights[start &+ index]) * other[index] }
            return sum * scales[row &* scaleStride]
        }
    }
}
