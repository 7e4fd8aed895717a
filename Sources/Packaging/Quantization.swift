/// How many bits a weight takes in the packed file.
public enum Precision: Int, Sendable, CaseIterable {
    /// Those of the encoder's layers; embeddings take 8.
    case int4 = 4
    case int8 = 8
    /// As the checkpoint has them, for comparison.
    case float32 = 32

    /// Inputs of a layer are padded to a multiple of this.
    var inputsTogether: Int { self == .int4 ? 8 : 4 }

    /// The order in which a layer's weights lie, as `pinson.packing` has it.
    var packing: String { self == .int4 ? "n16k8" : "n16k4" }
}

/// Rows of weights as integers of 8 or 4 bits, with a scale each.
struct QuantizedRows {
    /// (rows, columns): in -127...127, or with 4 bits multiples of 16 in -112...112.
    var values: [Int8]
    /// (rows): weight = scale · value.
    var scales: [Float]
    private let precision: Precision

    /// Rounds to nearest, ties to even; a row of zeros has scale 0.
    ///
    /// With 8 bits the largest weight of a row becomes ±127. With 4 bits the largest ones may be clipped: the scale is the
    /// one of sixteen that leaves the smallest squared error.
    init(_ weights: [Float], rows: Int, columns: Int, precision: Precision = .int8) {
        precondition(weights.count == rows * columns)
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
            let (inverse, shift) = (1 / step, Float(12_582_912))  // adding 1.5 · 2^23 rounds
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

    /// The values in the packing of their precision, padded with zeros, and what each row sums to.
    ///
    /// n16k4 is `[rows/16][columns/4][16][4]`: four inputs of sixteen outputs lie in 64 bytes, the order in which every
    /// instruction set reads them. n16k8, of 4 bits, keeps the upper half of each value, and eight inputs share 64 bytes:
    /// the first four have the lower halves of the bytes.
    func packed(rows: Int, columns: Int) -> (data: [Int8], sums: [Int32]) {
        let together = precision.inputsTogether
        let (paddedRows, paddedColumns) = (rows.roundedUp(to: 16), columns.roundedUp(to: together))
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
