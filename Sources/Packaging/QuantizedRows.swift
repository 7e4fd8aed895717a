import ModelFile

/// Rows of weights as integers of 8 or 4 bits, with a scale for each row.
struct QuantizedRows {
    /// The integers, (rows, columns): -127...127 with 8 bits, and multiples of 16 in -112...112 with 4 bits.
    private(set) var values: [Int8]
    /// The scale of each row, (rows): weight = scale · value.
    private(set) var scales: [Float]
    private let rows: Int
    private let columns: Int
    private let precision: Precision

    /// Quantizes weights, rounding to the nearest integer and ties to even.
    ///
    /// A row of zeros has the scale 0.
    ///
    /// With 8 bits, the largest weight of a row becomes ±127. With 4 bits, the largest weights may be clipped, because
    /// the scale is the one of sixteen candidates with the smallest squared error.
    ///
    /// - Parameters:
    ///   - weights: The weights, (rows, columns).
    ///   - rows: The number of rows.
    ///   - columns: The number of columns.
    ///   - precision: 8 or 4 bits.
    init(_ weights: [Float], rows: Int, columns: Int, precision: Precision = .int8) {
        precondition(weights.count == rows * columns)
        self.rows = rows
        self.columns = columns
        self.precision = precision
        values = []
        values.reserveCapacity(weights.count)
        scales = []
        for row in 0..<rows {
            let slice = weights[row * columns..<(row + 1) * columns]
            let largest = slice.reduce(0) { max($0, abs($1)) }
            if precision == .int4 {
                let step = Self.bestStep(slice, largest: largest, levels: 7)
                scales.append(step / 16)
                for weight in slice { values.append(16 * Self.level(weight, step: step, levels: 7)) }
            } else {
                let step = largest / 127
                scales.append(step)
                for weight in slice { values.append(Self.level(weight, step: step, levels: 127)) }
            }
        }
    }

    private static func level(_ weight: Float, step: Float, levels: Float) -> Int8 {
        step > 0 ? Int8((weight / step).rounded(.toNearestOrEven).clamped(to: -levels...levels)) : 0
    }

    private static func bestStep(_ weights: ArraySlice<Float>, largest: Float, levels: Float) -> Float {
        var best = (step: largest / levels, error: Float.infinity)
        guard largest > 0 else { return 0 }
        for share in stride(from: Float(1), through: 0.49, by: -1 / 30) {
            let step = share * largest / levels
            let (inverse, shift) = (1 / step, Float(12_582_912))  // Adding 1.5 · 2^23 rounds to an integer.
            var error: Float = 0
            for weight in weights {
                let level = (weight * inverse).clamped(to: -levels...levels) + shift - shift
                let distance = weight - step * level
                error += distance * distance
            }
            if error < best.error { best = (step, error) }
        }
        return best.step
    }

    /// Weights in the order of a model file: padded packed values, and the scale and the sum of each row.
    struct Packed {
        /// The packed values.
        var data: [Int8]
        /// The scale of each row, without padding.
        var scales: [Float]
        /// The sum of each row's values, (rows padded to 16).
        var sums: [Int32]
    }

    /// Packs the values in the order of their precision, with zeros as padding.
    ///
    /// With 8 bits, the order is `[rows/16][columns/4][16][4]`: 64 bytes hold four inputs of sixteen outputs. Every
    /// instruction set reads them in this order. With 4 bits, the upper half of each value is kept, and 64 bytes hold
    /// eight inputs: the first four are in the lower halves of the bytes.
    func packed() -> Packed {
        let together = precision.inputsTogether
        let (paddedRows, paddedColumns) = (rows.roundedUp(to: 16), precision.padded(columns))
        var data = [Int8](repeating: 0, count: paddedRows * paddedColumns * 4 / together)
        var sums = [Int32](repeating: 0, count: paddedRows)
        for row in 0..<rows {
            let panel = row / 16 * 64 * paddedColumns / together
            for column in 0..<columns {
                let value = values[row * columns + column]
                let index = panel + column / together * 64 + row % 16 * 4 + column % 4
                if together == 8 && column % 8 < 4 {
                    data[index] |= value >> 4 & 15
                } else {
                    data[index] |= value
                }
                sums[row] += Int32(value)
            }
        }
        return Packed(data: data, scales: scales, sums: sums)
    }
}

extension Float {
    fileprivate func clamped(to range: ClosedRange<Float>) -> Float {
        min(max(self, range.lowerBound), range.upperBound)
    }
}
