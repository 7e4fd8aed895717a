/// The vectors of texts, one behind the other.
public struct TextVectors: Sendable {
    /// The number of values in a vector.
    public let width: Int
    /// All values, (texts, width).
    public let values: [Float]

    /// Creates vectors.
    ///
    /// - Parameters:
    ///   - width: The number of values in a vector.
    ///   - values: All values, (texts, width).
    public init(width: Int, values: [Float]) {
        precondition(width > 0 && values.count % width == 0)
        (self.width, self.values) = (width, values)
    }

    /// The number of vectors.
    public var count: Int { values.count / width }

    /// One vector.
    ///
    /// - Parameter index: Its number.
    /// - Returns: Its values, (width).
    public subscript(index: Int) -> ArraySlice<Float> { values[index * width..<(index + 1) * width] }

    /// Some of the vectors, in the order of `indices`.
    func rows(at indices: [Int]) -> TextVectors {
        TextVectors(width: width, values: indices.flatMap { self[$0] })
    }

    /// The mean of the squares of all values.
    var meanSquare: Double {
        max(values.reduce(0) { $0 + Double($1) * Double($1) } / Double(max(1, values.count)), 1e-30)
    }
}
