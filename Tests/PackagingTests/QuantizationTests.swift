import Fixtures
import ModelFile
import Testing

@testable import Packaging

@Suite struct QuantizationTests {
    @Test(arguments: 1...10)
    func aWeightIsWithinHalfAStep(seed: UInt64) {
        var random = Seeded(seed)
        let (rows, columns) = (7, 33)
        let weights = random.floats(rows * columns, 0.3)
        let quantized = QuantizedRows(weights, rows: rows, columns: columns)
        for row in 0..<rows {
            for column in 0..<columns {
                let value = quantized.scales[row] * Float(quantized.values[row * columns + column])
                #expect(abs(value - weights[row * columns + column]) <= quantized.scales[row] * 0.5001)
            }
            #expect(quantized.values[row * columns..<(row + 1) * columns].contains { abs(Int($0)) == 127 })
        }
    }

    @Test(arguments: 1...10)
    func aWeightOfFourBitsIsNearerThanWithoutClipping(seed: UInt64) {
        var random = Seeded(seed)
        let (rows, columns) = (5, 130)
        // A few weights are large, as in real models.
        let weights = random.floats(rows * columns, 0.3).map { $0 * $0 * $0 }
        let quantized = QuantizedRows(weights, rows: rows, columns: columns, precision: .int4)
        var (total, totalFound) = (Float(0), Float(0))
        #expect(quantized.values.allSatisfy { $0 % 16 == 0 && abs(Int($0)) <= 112 })
        for row in 0..<rows {
            let slice = weights[row * columns..<(row + 1) * columns]
            func error(_ value: (Int, Float) -> Float) -> Float {
                slice.enumerated().reduce(0) { $0 + ($1.element - value($1.offset, $1.element)).magnitudeSquared }
            }
            let step = slice.map(abs).reduce(0, max) / 7
            let unclipped = error { _, weight in step * (weight / step).rounded(.toNearestOrEven) }
            let found = error { column, _ in
                quantized.scales[row] * Float(quantized.values[row * columns + column])
            }
            #expect(found <= unclipped * 1.001)
            total += unclipped
            totalFound += found
        }
        #expect(totalFound < total * 0.95)
    }

    @Test func aRowOfZerosStaysZero() {
        let quantized = QuantizedRows([0, 0, 1, -1], rows: 2, columns: 2)
        #expect(quantized.values == [0, 0, 127, -127])
        #expect(quantized.scales[0] == 0)
        let four = QuantizedRows([0, 0, 1, -1], rows: 2, columns: 2, precision: .int4)
        #expect(four.values == [0, 0, 112, -112])
        #expect(four.scales[0] == 0)
    }

    @Test(arguments: [(16, 8), (17, 5), (3, 72), (40, 44)])
    func packingWithFourBitsPutsTheSecondFourInputsIntoTheUpperHalves(rows: Int, columns: Int) {
        var random = Seeded(4)
        let quantized = QuantizedRows(random.floats(rows * columns), rows: rows, columns: columns, precision: .int4)
        let packed = quantized.packed()
        let (data, sums) = (packed.data, packed.sums)
        let paddedColumns = (columns + 7) / 8 * 8
        #expect(data.count == (rows + 15) / 16 * 16 * paddedColumns / 2)
        func value(_ row: Int, _ column: Int) -> Int8 {
            row < rows && column < columns ? quantized.values[row * columns + column] : 0
        }
        var index = 0
        for panel in stride(from: 0, to: sums.count, by: 16) {
            for k in stride(from: 0, to: paddedColumns, by: 8) {
                for row in panel..<panel + 16 {
                    for column in k..<k + 4 {
                        #expect(data[index] & -16 == value(row, column + 4))
                        #expect(data[index] << 4 == value(row, column))
                        index += 1
                    }
                }
            }
        }
        for row in 0..<sums.count {
            #expect(sums[row] == (0..<columns).reduce(0) { $0 + Int32(value(row, $1)) })
        }
    }

    @Test(arguments: [(16, 4), (17, 5), (3, 72), (40, 40)])
    func packingPutsFourInputsOfSixteenOutputsSideBySide(rows: Int, columns: Int) {
        var random = Seeded(3)
        let quantized = QuantizedRows(random.floats(rows * columns), rows: rows, columns: columns)
        let packed = quantized.packed()
        let (data, sums) = (packed.data, packed.sums)
        let paddedColumns = (columns + 3) / 4 * 4
        #expect(data.count == (rows + 15) / 16 * 16 * paddedColumns)
        #expect(sums.count == (rows + 15) / 16 * 16)
        var index = 0
        for panel in stride(from: 0, to: sums.count, by: 16) {
            for k in stride(from: 0, to: paddedColumns, by: 4) {
                for row in panel..<panel + 16 {
                    for column in k..<k + 4 {
                        let inside = row < rows && column < columns
                        #expect(data[index] == (inside ? quantized.values[row * columns + column] : 0))
                        index += 1
                    }
                }
            }
        }
        for row in 0..<sums.count {
            let exact =
                row < rows ? quantized.values[row * columns..<(row + 1) * columns].reduce(0) { $0 + Int32($1) } : 0
            #expect(sums[row] == exact)
        }
    }
}

extension Float {
    fileprivate var magnitudeSquared: Float { self * self }
}
