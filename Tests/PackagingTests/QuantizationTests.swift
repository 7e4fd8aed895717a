import Fixtures
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

    @Test func aRowOfZerosStaysZero() {
        let quantized = QuantizedRows([0, 0, 1, -1], rows: 2, columns: 2)
        #expect(quantized.values == [0, 0, 127, -127])
        #expect(quantized.scales[0] == 0)
    }

    @Test(arguments: [(16, 4), (17, 5), (3, 72), (40, 40)])
    func packingPutsFourInputsOfSixteenOutputsSideBySide(rows: Int, columns: Int) {
        var random = Seeded(3)
        let quantized = QuantizedRows(random.floats(rows * columns), rows: rows, columns: columns)
        let (data, sums) = quantized.packed(rows: rows, columns: columns)
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
