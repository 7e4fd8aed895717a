import Fixtures
import Foundation
import ModelFile
import Packaging
import Testing

@testable import Inference

@Suite("A head on an encoder in one model file") struct HeadPackerTests {
    private static let texts = ["late crew", "great flight, not worst!", "é love"]

    @Test(
        "The logits are those of the head on the encoder's vectors", arguments: TinyCheckpoint.Architecture.allCases,
        [TransformerSchema.Head.linear, .tanh, .relu])
    func logits(architecture: TinyCheckpoint.Architecture, kind: TransformerSchema.Head) throws {
        let encoder = try TinyModel.pack(architecture)
        let width = TinyCheckpoint.width
        var random = Seeded(3)
        func layer(_ outputs: Int) -> (weights: [Float], bias: [Float]) {
            (random.floats(outputs * width, 0.2), random.floats(outputs, 0.2))
        }
        let (dense, classifier) = (layer(width), layer(2))
        func product(_ layer: (weights: [Float], bias: [Float]), _ x: [Float]) -> [Float] {
            layer.bias.enumerated().map { output, bias in
                zip(layer.weights[output * width..<(output + 1) * width], x).reduce(bias) { $0 + $1.0 * $1.1 }
            }
        }
        try Workplace.withFolder { folder in
            let path = folder.appendingPathComponent("m.gguf").path
            try HeadPacker(
                labels: ["no", "yes"], kind: kind,
                dense: kind.isDense ? .init(weights: dense.weights, bias: dense.bias) : nil,
                classifier: .init(weights: classifier.weights, bias: classifier.bias)
            ).write(encoder, to: path, named: "both", ModelDescription())
            let file = try ModelFile(path: path)
            try file.verify()
            let model = try Classifier(file)
            #expect(model.labels == ["no", "yes"] && model.name == "both")
            let answers = model.makeWorker().classify(Self.texts)
            let pooled = try SentenceEncoder(encoder).makeWorker().pool(Self.texts)
            #expect(try SentenceEncoder(file).makeWorker().pool(Self.texts) == pooled)
            for (answer, vector) in zip(answers, pooled) {
                var input = vector
                if kind.isDense {
                    input = product(dense, vector).map { kind == .tanh ? Float(tanh(Double($0))) : max(0, $0) }
                }
                for (found, expected) in zip(answer.logits, product(classifier, input)) {
                    #expect(abs(found - expected) < 1e-4)
                }
            }
        }
    }

    @Test("A model that is not a transformer is refused")
    func otherFamily() throws {
        try Workplace.withFolder { folder in
            let path = folder.appendingPathComponent("m.gguf").path
            let card = ModelCard(name: "m", family: "linear", labels: ["a", "b"], maxTokens: 8)
            try ModelFile.write(to: path, metadata: card.entries, tensors: [], hash: sha256)
            #expect(throws: ModelFileError.self) { try SentenceEncoder(ModelFile(path: path)) }
        }
    }
}
