import Foundation
import Testing

@testable import Training

/// What PyTorch computes for a tiny model; `make_recurrent_goldens.py` has written it.
struct RecurrentGolden {
    private struct Facts: Decodable {
        var rows, width, units, layers, directions: Int
        var pooling: String
        var texts: [[Int32]]
        var labels: [Int]
        var losses: [Double]
    }

    static let names = ["one-max", "two-mean", "two-last"]

    var shape: RecurrentShape
    let texts: [[Int32]]
    let labels: [Int]
    let losses: [Double]
    /// The parameters at the start, the gradients of the first step, the parameters after ten steps, and the logits.
    let start, gradients, end, logits: [Float]

    init(_ name: String) throws {
        let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .appendingPathComponent("Goldens/Recurrent")
        let json = try Data(contentsOf: folder.appendingPathComponent("\(name).json"))
        let facts = try JSONDecoder().decode(Facts.self, from: json)
        shape = RecurrentShape(
            rows: facts.rows, width: facts.width, units: facts.units, layers: facts.layers,
            directions: facts.directions, pooling: try #require(.init(rawValue: facts.pooling)), labels: 3, dropout: 0)
        (texts, labels, losses) = (facts.texts, facts.labels, facts.losses)
        let data = try Data(contentsOf: folder.appendingPathComponent("\(name).f32"))
        let floats = data.withUnsafeBytes { bytes in
            (0..<bytes.count / 4).map {
                Float(bitPattern: UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: 4 * $0, as: UInt32.self)))
            }
        }
        let count = RecurrentLayout(shape).count
        try #require(floats.count == 3 * count + 3 * facts.texts.count)
        start = Array(floats[..<count])
        gradients = Array(floats[count..<2 * count])
        end = Array(floats[2 * count..<3 * count])
        logits = Array(floats[(3 * count)...])
    }

    /// A trainer that starts where PyTorch did.
    func trainer(
        _ arithmetic: Arithmetic, dropout: Double = 0, _ edit: (inout RecurrentTrainer.Options) -> Void = { _ in }
    ) -> RecurrentTrainer {
        var shape = shape
        shape.dropout = dropout
        var options = RecurrentTrainer.Options()
        (options.epochs, options.batch, options.rate, options.warmUp) = (10, texts.count, 1e-2, 0.3)
        edit(&options)
        return RecurrentTrainer(
            shape, parameters: start, texts: texts, targets: SoftTargets(labels: labels, classes: 3), options,
            arithmetic)
    }
}
