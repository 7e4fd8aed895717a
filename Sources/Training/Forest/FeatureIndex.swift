/// Which texts have which features, in both directions.
struct FeatureIndex: Sendable {
    /// The features of each text, in ascending order.
    private let features: SparseMatrix
    /// The position of the first text of each feature in `texts`, (features + 1).
    private let starts: [Int]
    /// The texts that have each feature, in ascending order.
    private let texts: [Int32]

    /// The number of texts.
    var textCount: Int { features.rowCount }
    /// The number of features.
    var featureCount: Int { features.columnCount }

    /// Creates an index.
    ///
    /// - Parameter counts: Rows of counts, whose size does not matter.
    init(_ counts: SparseMatrix) {
        features = counts
        var starts = [Int](repeating: 0, count: counts.columnCount + 1)
        for column in counts.columns { starts[Int(column) + 1] += 1 }
        for column in 0..<counts.columnCount { starts[column + 1] += starts[column] }
        var next = starts
        var texts = [Int32](repeating: 0, count: counts.columns.count)
        for row in 0..<counts.rowCount {
            for column in counts.columns[counts.range(of: row)] {
                texts[next[Int(column)]] = Int32(row)
                next[Int(column)] += 1
            }
        }
        self.starts = starts
        self.texts = texts
    }

    /// The features of a text.
    @inline(__always)
    func features(of text: Int32) -> ArraySlice<Int32> { features.columns[features.range(of: Int(text))] }

    /// The texts that have a feature.
    @inline(__always)
    func texts(with feature: Int32) -> ArraySlice<Int32> { texts[starts[Int(feature)]..<starts[Int(feature) + 1]] }
}
