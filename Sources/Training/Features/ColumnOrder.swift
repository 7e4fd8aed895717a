/// An order of columns in which those that are used most come first, and those that are used equally often come in the
/// order of their first use.
///
/// A solver that visits rows then finds most numbers in the first levels of the cache, and reads the others in order.
struct ColumnOrder {
    /// The new place of each column.
    private let places: [Int32]

    /// Finds the order for some rows.
    ///
    /// - Complexity: O(numbers of `rows` + columns).
    init(_ rows: SparseMatrix) {
        var counts = [Int32](repeating: 0, count: rows.columnCount)
        var columns: [Int32] = []
        columns.reserveCapacity(rows.columnCount)
        for column in rows.columns {
            if counts[Int(column)] == 0 { columns.append(column) }
            counts[Int(column)] += 1
        }
        // A column that is used n times has n as its key, up to a limit from which on the order does not matter.
        let keys = columns.map { min(Int(counts[Int($0)]), Self.mostKeys) }
        var ends = [Int](repeating: 0, count: Self.mostKeys + 1)
        for key in keys { ends[key] += 1 }
        var next = 0
        for key in ends.indices.reversed() { (ends[key], next) = (next, next + ends[key]) }
        var places = [Int32](repeating: -1, count: rows.columnCount)
        for (column, key) in zip(columns, keys) {
            places[Int(column)] = Int32(ends[key])
            ends[key] += 1
        }
        for column in places.indices where places[column] < 0 {
            places[column] = Int32(next)
            next += 1
        }
        self.places = places
    }

    private static let mostKeys = 1000

    /// Rows with their columns in this order, in which the columns of a row do not ascend.
    func applied(to rows: SparseMatrix) -> SparseMatrix { rows.movingColumns(to: places) }

    /// Weights for the columns as they were.
    ///
    /// - Parameters:
    ///   - weights: The weights, (columns, outputs), in this order.
    ///   - outputs: The number of outputs.
    /// - Returns: The weights in the order of the columns before.
    func restored(_ weights: ArraySlice<Double>, outputs: Int) -> [Double] {
        places.flatMap { place in
            weights[weights.startIndex + Int(place) * outputs..<weights.startIndex + (Int(place) + 1) * outputs]
        }
    }
}
