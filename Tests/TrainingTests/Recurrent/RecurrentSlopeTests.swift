import Fixtures
import Foundation
import Testing

@testable import Training

/// The gradients of a whole recurrent classifier, against finite differences of the same model in double precision.
@Suite("Gradients of recurrent networks and finite differences") struct RecurrentSlopeTests {
    private let texts: [[Int32]] = [[0, 1, 2, 3, 1], [], [4], [2, 2, 5]]
    private let labels = [1, 0, 1, 0]

    /// The mean loss of all texts, text by text and word by word.
    private func loss(_ shape: RecurrentShape, _ layout: RecurrentLayout, _ p: [Double]) -> Double {
        zip(texts, labels).reduce(0) { sum, pair in
            let (text, label) = pair
            var inputs = text.map { id in Array(p[Int(id) * shape.width..<(Int(id) + 1) * shape.width]) }
            var last: [Double] = []
            for cells in layout.cells {
                let found = cells.enumerated().map { run($1, $0 == 0 ? inputs : inputs.reversed(), shape, p) }
                last = found.flatMap { $0.last ?? Array(repeating: 0, count: shape.units) }
                inputs = text.indices.map { at in
                    found.enumerated().flatMap { $0 == 0 ? $1[at] : $1[text.count - 1 - at] }
                }
            }
            let pooled = last.indices.map { unit -> Double in
                let values = inputs.map { $0[unit] }
                return switch shape.pooling {
                case .max: values.max() ?? 0
                case .mean: values.reduce(0, +) / Double(max(1, values.count))
                case .last: last[unit]
                }
            }
            let logits = (0..<shape.labels).map { row in
                zip(pooled, p[(layout.head + row * pooled.count)...]).reduce(p[layout.headBias + row]) {
                    $0 + $1.0 * $1.1
                }
            }
            return sum + (log(logits.reduce(0) { $0 + exp($1) }) - logits[label]) / Double(texts.count)
        }
    }

    /// The outputs of a cell for each input.
    private func run(
        _ cell: RecurrentLayout.Cell, _ inputs: [[Double]], _ shape: RecurrentShape, _ p: [Double]
    ) -> [[Double]] {
        let units = shape.units
        var (h, c) = ([Double](repeating: 0, count: units), [Double](repeating: 0, count: units))
        func sigmoid(_ x: Double) -> Double { 1 / (1 + exp(-x)) }
        return inputs.map { x in
            let sums = (0..<4 * units).map { row in
                zip(x, p[(cell.input + row * x.count)...]).reduce(p[cell.bias + row]) { $0 + $1.0 * $1.1 }
                    + zip(h, p[(cell.recurrent + row * units)...]).reduce(0) { $0 + $1.0 * $1.1 }
            }
            for unit in 0..<units {
                c[unit] = sigmoid(sums[units + unit]) * c[unit] + sigmoid(sums[unit]) * tanh(sums[2 * units + unit])
                h[unit] = sigmoid(sums[3 * units + unit]) * tanh(c[unit])
            }
            return h
        }
    }

    @Test("Every pooling, one and two layers and directions", arguments: RecurrentShape.Pooling.allCases, [1, 2])
    func slopes(pooling: RecurrentShape.Pooling, layers: Int) throws {
        for directions in [1, 2] {
            let shape = RecurrentShape(
                rows: 6, width: 3, units: 2, layers: layers, directions: directions, pooling: pooling, labels: 2,
                dropout: 0)
            let layout = RecurrentLayout(shape)
            var random = Seeded(5)
            let start = random.floats(layout.count)
            let trainer = RecurrentTrainer(
                shape, parameters: start, texts: texts, targets: SoftTargets(labels: labels, classes: 2), .init(),
                Arithmetic(.float32, threads: 1))
            let found = trainer.addGradients(of: Array(texts.indices))
            let exact = start.map(Double.init)
            #expect(abs(found - loss(shape, layout, exact)) < 1e-6)
            let gradients = trainer.gradients.values.elements
            for index in exact.indices {
                var (low, high) = (exact, exact)
                low[index] -= 1e-5
                high[index] += 1e-5
                let slope = (loss(shape, layout, high) - loss(shape, layout, low)) / 2e-5
                #expect(abs(Double(gradients[index]) - slope) < 2e-6, "parameter \(index)")
            }
        }
    }
}
