import Fixtures
import Foundation
import Testing

@testable import Training

/// What PyTorch computes for a tiny model; `make_transformer_goldens.py` has written it.
struct TransformerGolden: CustomTestStringConvertible {
    private struct Facts: Decodable {
        struct Shape: Decodable {
            var vocabulary, positions, width, inner, layers, heads, labels: Int
        }
        var shape: Shape
        var texts: [[Int32]]
        var labels: [Int]
        var losses: [Double]
    }

    let shape: EncoderShape
    let texts: [[Int32]]
    let labels: [Int]
    let losses: [Double]
    /// The parameters at the start, the gradients of the first step, and the parameters after ten steps.
    let start, gradients, end: [Float]

    var testDescription: String { shape.architecture.rawValue }

    init(_ architecture: EncoderShape.Architecture) throws {
        let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .appendingPathComponent("Goldens/Transformer")
        let json = folder.appendingPathComponent("\(architecture.rawValue).json")
        let facts = try JSONDecoder().decode(Facts.self, from: Data(contentsOf: json))
        shape = EncoderShape(
            architecture: architecture, vocabulary: facts.shape.vocabulary, positions: facts.shape.positions,
            segments: architecture == .bert ? 2 : 0, width: facts.shape.width, inner: facts.shape.inner,
            layers: facts.shape.layers, heads: facts.shape.heads, labels: facts.shape.labels, epsilon: 1e-12,
            dropout: .none)
        (texts, labels, losses) = (facts.texts, facts.labels, facts.losses)
        let data = try Data(contentsOf: folder.appendingPathComponent("\(architecture.rawValue).f32"))
        let floats = data.withUnsafeBytes { bytes in
            (0..<bytes.count / 4).map {
                Float(bitPattern: UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: 4 * $0, as: UInt32.self)))
            }
        }
        let count = ParameterLayout(shape).count
        try #require(floats.count == 3 * count)
        start = Array(floats[..<count])
        gradients = Array(floats[count..<2 * count])
        end = Array(floats[(2 * count)...])
    }

    /// A tuner that starts where PyTorch did.
    func tuner(
        _ arithmetic: Arithmetic, dropout: EncoderShape.Dropout = .none,
        _ edit: (inout FineTuner.Options) -> Void = { _ in }
    ) -> FineTuner {
        var shape = shape
        shape.dropout = dropout
        var options = FineTuner.Options()
        (options.epochs, options.batch, options.rate, options.warmUp) = (10, texts.count, 1e-3, 0.3)
        (options.decay, options.clip) = (0.01, 1)
        edit(&options)
        return FineTuner(
            shape, parameters: start, texts: texts, targets: SoftTargets(labels: labels, classes: shape.labels),
            options, arithmetic)
    }
}

/// The distance of two vectors, relative to the length of the second one.
func relativeDistance(_ found: some Sequence<Float>, _ expected: some Sequence<Float>) -> Double {
    let (difference, size) = zip(found, expected).reduce((0.0, 0.0)) { sum, pair in
        let (found, expected) = (Double(pair.0), Double(pair.1))
        return (sum.0 + (found - expected) * (found - expected), sum.1 + expected * expected)
    }
    return size == 0 ? difference.squareRoot() : (difference / size).squareRoot()
}
