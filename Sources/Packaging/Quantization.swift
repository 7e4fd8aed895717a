/// How many bits a weight takes in the packed file.
public enum Precision: Int, Sendable, CaseIterable {
    case int8 = 8
    /// As the checkpoint has them, for comparison.
    case float32 = 32
}

/// Rows of weights as int8, each row with the scale that takes its largest weight to ±127.
struct QuantizedRows {
    /// (rows, columns), in -127...127.
    var values: [Int8]
    /// (rows): weight = scale · value.
    var scales: [Float]

    /// Rounds to nearest, ties to even; a row of zeros has scale 0.
    init(_ weights: [Float], rows: Int, columns: Int) {
        precondition(weights.count == rows * columns)
        values = []
        values.reserveCapacity(weights.count)
        scales = []
        for row in 0..<rows {
            let slice = weights[row * columns..<(row + 1) * columns]
            let largest = slice.reduce(0) { max($0, abs($1)) }
            let scale = largest / 127
            scales.append(scale)
            for weight in slice {
                values.append(scale > 0 ? Int8((weight / scale).rounded(.toNearestOrEven).clamped(to: -127...127)) : 0)
            }
        }
    }

    /// The values in packing n16k4, `[rows/16][columns/4][16][4]`, padded with zeros, and what each row sums to.
    ///
    /// Four inputs of sixteen outputs lie in 64 bytes, the order in which every instruction set reads them.
    func packed(rows: Int, columns: Int) -> (data: [Int8], sums: [Int32]) {
        let (paddedRows, paddedColumns) = (rows.roundedUp(to: 16), columns.roundedUp(to: 4))
        var data = [Int8](repeating: 0, count: paddedRows * paddedColumns)
        var sums = [Int32](repeating: 0, count: paddedRows)
        for row in 0..<rows {
            let panel = row / 16 * 16 * paddedColumns
            for column in 0..<columns {
                let value = values[row * columns + column]
                data[panel + column / 4 * 64 + row % 16 * 4 + column % 4] = value
                sums[row] += Int32(value)
            }
        }
        return (data, sums)
    }
}

extension Int {
    func roundedUp(to multiple: Int) -> Int { (self + multiple - 1) / multiple * multiple }
}

extension Float {
    fileprivate func clamped(to range: ClosedRange<Float>) -> Float {
        min(max(self, range.lowerBound), range.upperBound)
    }
}
