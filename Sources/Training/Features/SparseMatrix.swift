/// A matrix that stores only the numbers that are not zero, row by row.
public struct SparseMatrix: Sendable, Equatable {
    /// The number of columns.
    public let columnCount: Int
    /// The position of the first number of each row, and the number of numbers at the end, (rows + 1).
    public private(set) var starts: [Int]
    /// The column of each number; the columns of a row ascend.
    public private(set) var columns: [Int32]
    /// The numbers.
    public var values: [Float]

    /// Creates a matrix without rows.
    ///
    /// - Parameter columnCount: The number of columns.
    public init(columnCount: Int) {
        self.columnCount = columnCount
        (starts, columns, values) = ([0], [], [])
    }

    /// Creates a matrix from rows in which every number is stored.
    ///
    /// - Parameters:
    ///   - values: The numbers, (rows, columns).
    ///   - columnCount: The number of columns, at least 1.
    init(rows values: [Float], columnCount: Int) {
        self.columnCount = columnCount
        starts = Array(stride(from: 0, through: values.count, by: columnCount))
        columns = values.indices.map { Int32($0 % columnCount) }
        self.values = values
    }

    /// Creates a matrix from the rows of others, which have the same columns.
    ///
    /// The memory of each part is freed as soon as its rows are copied.
    init(joining parts: consuming [SparseMatrix], columnCount: Int) {
        self.init(columnCount: columnCount)
        starts.reserveCapacity(parts.reduce(1) { $0 + $1.rowCount })
        columns.reserveCapacity(parts.reduce(0) { $0 + $1.columns.count })
        values.reserveCapacity(columns.capacity)
        for index in parts.indices {
            let part = parts[index]
            parts[index] = SparseMatrix(columnCount: 0)
            let offset = columns.count
            starts += part.starts.dropFirst().map { $0 + offset }
            columns += part.columns
            values += part.values
        }
    }

    /// The number of rows.
    public var rowCount: Int { starts.count - 1 }

    /// The positions of the numbers of a row.
    ///
    /// - Parameter row: The index of the row.
    /// - Returns: Positions in ``columns`` and ``values``.
    public func range(of row: Int) -> Range<Int> { starts[row]..<starts[row + 1] }

    /// The matrix of some of the rows.
    ///
    /// - Parameter indices: The indices of the rows.
    /// - Returns: The rows in the order of `indices`.
    public func rows(at indices: [Int]) -> SparseMatrix {
        var result = SparseMatrix(columnCount: columnCount)
        for index in indices {
            result.columns += columns[range(of: index)]
            result.values += values[range(of: index)]
            result.endRow()
        }
        return result
    }

    /// The matrix of some of the columns.
    ///
    /// - Parameter kept: The columns in ascending order.
    /// - Returns: All rows, with the columns in the order of `kept`.
    func columns(at kept: [Int]) -> SparseMatrix {
        var places = [Int32](repeating: -1, count: columnCount)
        for (place, column) in kept.enumerated() { places[column] = Int32(place) }
        var result = SparseMatrix(columnCount: kept.count)
        for row in 0..<rowCount {
            for index in range(of: row) where places[Int(columns[index])] >= 0 {
                result.append(values[index], column: places[Int(columns[index])])
            }
            result.endRow()
        }
        return result
    }

    /// The matrix whose columns have other places.
    func movingColumns(to places: [Int32]) -> SparseMatrix {
        var result = self
        result.columns = columns.map { places[Int($0)] }
        return result
    }

    /// Multiplies each column by a factor.
    mutating func scale(columnsBy factors: [Float]) {
        for index in values.indices { values[index] *= factors[Int(columns[index])] }
    }

    /// Appends to the present row how often each feature occurs in `features`, which is sorted.
    mutating func append(counting features: [Int32], offset: Int32) {
        var position = 0
        while position < features.count {
            let feature = features[position]
            let first = position
            while position < features.count, features[position] == feature { position += 1 }
            columns.append(offset + feature)
            values.append(Float(position - first))
        }
    }

    /// Appends a number to the present row.
    mutating func append(_ value: Float, column: Int32) {
        columns.append(column)
        values.append(value)
    }

    /// The matrix without the numbers in the columns from `end` on, which stay as empty columns.
    func columns(before end: Int) -> SparseMatrix {
        var result = SparseMatrix(columnCount: columnCount)
        for row in 0..<rowCount {
            for index in range(of: row) where columns[index] < end {
                result.append(values[index], column: columns[index])
            }
            result.endRow()
        }
        return result
    }

    /// Ends the present row.
    mutating func endRow() { starts.append(columns.count) }
}
