import Fixtures
import Foundation
import ModelFile
import Packaging
import Text

/// A recurrent model with weights from a seed, and what it should answer by the formulas, in double precision.
struct RecurrentModel {
    static let words = ["good", "bad", "crew", ":)", "not", "very", "flight", "!!"]
    static let texts = [
        "good crew :)", "not good, very bad flight!!", "", "unknown words only", "bad",
        "very very very good flight crew :) !! not bad not good crew",
    ]

    var reading = RecurrentReading()
    var sizes: RecurrentSizes
    var width = 10
    var labels = 3
    var limit = 9
    /// The hashes of the words in order, and the word of each.
    let order: [(hash: UInt64, word: String)]
    let vectors: [Float]
    let cells: [[RecurrentPacker.Cell]]
    let dense: [RecurrentPacker.Dense]

    init(_ sizes: RecurrentSizes, labels: Int = 3, seed: UInt64 = 1) {
        (self.sizes, self.labels) = (sizes, labels)
        order = Self.words.map { (NgramBlock(.token, 1...1).hash(of: $0, inBlock: 0), $0) }.sorted { $0.hash < $1.hash }
        var random = Seeded(seed)
        vectors = random.floats((2 + order.count) * width)
        var cells: [[RecurrentPacker.Cell]] = []
        for layer in 0..<sizes.layers {
            let inputs = layer == 0 ? width : sizes.outputs
            cells.append(
                (0..<sizes.directions).map { _ in
                    .init(
                        input: random.floats(4 * sizes.units * inputs, 0.8),
                        recurrent: random.floats(4 * sizes.units * sizes.units, 0.8),
                        bias: random.floats(4 * sizes.units, 0.5))
                })
        }
        self.cells = cells
        var (dense, inputs): ([RecurrentPacker.Dense], Int) = ([], sizes.outputs)
        for outputs in sizes.hidden.map(\.width) + [labels] {
            dense.append(.init(weight: random.floats(outputs * inputs), bias: random.floats(outputs)))
            inputs = outputs
        }
        self.dense = dense
    }

    func write(to path: String, _ precision: Precision) throws {
        var packer = RecurrentPacker(
            reading, sizes, hashes: order.map(\.hash), vectors: vectors, cells: cells, dense: dense)
        packer.precision = precision
        let card = ModelCard(
            name: "m", family: "recurrent", labels: (0..<labels).map { "label \($0)" }, maxTokens: limit,
            preprocessing: ["lowercase"])
        try packer.packed().write(to: path, card)
    }

    /// The rows of the words of a text.
    func rows(_ words: [String]) -> [Int] {
        var rows = words.compactMap { word in
            order.firstIndex { $0.word == word }.map { $0 + 2 } ?? (reading.unknown == .row ? 1 : nil)
        }
        rows = Array(reading.kept == .first ? rows.prefix(limit) : rows.suffix(limit))
        let padding = [Int](repeating: 0, count: limit - rows.count)
        return switch reading.padding {
        case .none: rows
        case .before: padding + rows
        case .after: rows + padding
        }
    }

    /// The logits for the words of a text.
    func logits(_ words: [String]) -> [Double] {
        var inputs = rows(words).map { row in (0..<width).map { Double(vectors[row * width + $0]) } }
        var first: [Double] = []
        var last: [Double] = []
        for layer in cells {
            let found = layer.enumerated().map { run($1, $0 == 0 ? inputs : inputs.reversed()) }
            let none = [Double](repeating: 0, count: sizes.units)
            (first, last) = (found.flatMap { $0.first ?? none }, found.flatMap { $0.last ?? none })
            inputs = inputs.indices.map { at in
                found.enumerated().flatMap { $0 == 0 ? $1[at] : $1[inputs.count - 1 - at] }
            }
        }
        var x = last.indices.map { unit -> Double in
            let values = inputs.map { $0[unit] }
            return switch sizes.pooling {
            case .max: values.max() ?? 0
            case .mean: values.reduce(0, +) / Double(max(1, values.count))
            case .last: last[unit]
            case .end: unit < sizes.units ? last[unit] : first[unit]
            }
        }
        for (index, layer) in dense.enumerated() {
            x = layer.bias.indices.map { row in
                let sum = zip(x, layer.weight[(row * x.count)...]).reduce(Double(layer.bias[row])) {
                    $0 + $1.0 * Double($1.1)
                }
                guard index < sizes.hidden.count else { return sum }
                return switch sizes.hidden[index].activation {
                case .linear: sum
                case .relu: max(0, sum)
                case .tanh: tanh(sum)
                }
            }
        }
        return labels == 2 ? [0, x[1] - x[0]] : x
    }

    private func run(_ cell: RecurrentPacker.Cell, _ inputs: [[Double]]) -> [[Double]] {
        let units = sizes.units
        var (h, c) = ([Double](repeating: 0, count: units), [Double](repeating: 0, count: units))
        func sigmoid(_ x: Double) -> Double { 1 / (1 + exp(-x)) }
        func product(_ w: [Float], _ row: Int, _ x: [Double]) -> Double {
            zip(x, w[(row * x.count)...]).reduce(0) { $0 + $1.0 * Double($1.1) }
        }
        return inputs.map { x in
            let sums = (0..<4 * units).map { row in
                Double(cell.bias[row]) + product(cell.input, row, x) + product(cell.recurrent, row, h)
            }
            for unit in 0..<units {
                c[unit] = sigmoid(sums[units + unit]) * c[unit] + sigmoid(sums[unit]) * tanh(sums[2 * units + unit])
                h[unit] = sigmoid(sums[3 * units + unit]) * tanh(c[unit])
            }
            return h
        }
    }
}
