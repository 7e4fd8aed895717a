import Fixtures
import Foundation
import ModelFile
import Testing

@testable import Inference

@Suite("Recurrent models as they are served") struct RecurrentClassifierTests {
    /// The words of a text, which is written so that they are easy to tell.
    private func words(_ text: String) -> [String] {
        text.replacing(",", with: " ,").replacing("!!", with: " !!").split(separator: " ").map(String.init)
    }

    private func classifier(
        _ model: RecurrentModel, _ precision: Precision, _ set: InstructionSet = .best,
        _ body: (Classifier) throws -> Void
    ) throws {
        try Workplace.withFolder { folder in
            let path = folder.appendingPathComponent("m.gguf").path
            try model.write(to: path, precision)
            try body(Classifier(ModelFile(path: path), instructionSet: set))
        }
    }

    private static let shapes = RecurrentSizes.Pooling.allCases.flatMap { pooling in
        [(1, 1, 5), (1, 2, 16), (2, 2, 12)].map { layers, directions, units in
            RecurrentSizes(
                units: units, layers: layers, directions: directions, pooling: pooling,
                hidden: layers == 2 ? [.init(6, .relu), .init(5, .tanh)] : [])
        }
    }

    @Test("With floats, the logits are those of the formulas", arguments: shapes, [2, 3])
    func floats(sizes: RecurrentSizes, labels: Int) throws {
        let model = RecurrentModel(sizes, labels: labels)
        try classifier(model, .float32) { classifier in
            let found = classifier.makeWorker().classify(RecurrentModel.texts)
            for (text, prediction) in zip(RecurrentModel.texts, found) {
                for (found, expected) in zip(prediction.logits, model.logits(words(text))) {
                    #expect(abs(Double(found) - expected) < 5e-6, "\(text)")
                }
            }
        }
    }

    @Test("Every way to read a text", arguments: RecurrentReading.Padding.allCases, RecurrentReading.Kept.allCases)
    func readings(padding: RecurrentReading.Padding, kept: RecurrentReading.Kept) throws {
        for unknown in RecurrentReading.Unknown.allCases {
            var model = RecurrentModel(RecurrentSizes(units: 4, layers: 1, directions: 2, pooling: .last))
            (model.reading.padding, model.reading.kept, model.reading.unknown) = (padding, kept, unknown)
            try classifier(model, .float32) { classifier in
                let worker = classifier.makeWorker()
                for text in RecurrentModel.texts {
                    let (prediction, all) = (worker.classify([text])[0], words(text))
                    for (found, expected) in zip(prediction.logits, model.logits(all)) {
                        #expect(abs(Double(found) - expected) < 5e-6, "\(text)")
                    }
                    let known = all.count { RecurrentModel.words.contains($0) }
                    #expect(prediction.isTruncated == ((unknown == .row ? all.count : known) > model.limit))
                }
            }
        }
    }

    @Test("Words between separators are those of Keras")
    func separators() throws {
        var model = RecurrentModel(RecurrentSizes(units: 4, layers: 1, directions: 1, pooling: .max))
        model.reading.separators = " ,.é"
        model.limit = 30
        try classifier(model, .float32) { classifier in
            let worker = classifier.makeWorker()
            let expected = model.logits(["good", "crew", "bad", "x\u{A0}y", "not"])
            let found = worker.classify([" Good,crew.. BADéx\u{A0}y not,"])[0]
            #expect(zip(found.logits, expected).allSatisfy { abs(Double($0) - $1) < 5e-6 })
            #expect(found.tokens == 5 && found.unknownTokens == 1)
        }
    }

    @Test("With integers, the logits are near those of floats, and worse with fewer bits")
    func integers() throws {
        let model = RecurrentModel(RecurrentSizes(units: 32, layers: 2, directions: 2, pooling: .max))
        let errors = try [Precision.int8, .int4].map { precision in
            var largest = 0.0
            try classifier(model, precision) { classifier in
                for (text, found) in zip(RecurrentModel.texts, classifier.makeWorker().classify(RecurrentModel.texts)) {
                    for (found, expected) in zip(found.logits, model.logits(words(text))) {
                        largest = max(largest, abs(Double(found) - expected))
                    }
                }
            }
            return largest
        }
        #expect(errors[0] > 1e-4 && errors[0] < 0.1)
        #expect(errors[1] > errors[0] && errors[1] < 1.5)
    }

    @Test("Every instruction set with fused multiply-add gives the same bits", arguments: Precision.allCases)
    func instructionSets(precision: Precision) throws {
        let model = RecurrentModel(RecurrentSizes(units: 20, layers: 2, directions: 2, pooling: .mean))
        var answers: [[[Float]]] = []
        for set in InstructionSet.supported where set != .sse41 {
            try classifier(model, precision, set) { classifier in
                answers.append(classifier.makeWorker().classify(RecurrentModel.texts).map(\.logits))
            }
        }
        let areSame = answers.allSatisfy { $0 == answers[0] }
        #expect(areSame && answers.count > 1)
    }

    @Test("The answer to a text has the same bits whatever the other texts are", arguments: [Precision.int8, .float32])
    func together(precision: Precision) throws {
        var model = RecurrentModel(RecurrentSizes(units: 16, layers: 2, directions: 2, pooling: .max))
        model.limit = 400
        var random = Seeded(3)
        let texts = (0..<60).map { index in
            (0..<Int.random(in: 0...(index == 7 ? 390 : 30), using: &random))
                .map { _ in RecurrentModel.words[Int.random(in: 0..<8, using: &random)] }.joined(separator: " ")
        }
        try classifier(model, precision) { classifier in
            let worker = classifier.makeWorker()
            let together = worker.classify(texts).map(\.logits)
            #expect(together == texts.map { worker.classify([$0])[0].logits })
            let sample = classifier.makeWorker().scoreSample(tokens: 400)
            #expect(sample.allSatisfy { $0.isFinite })
        }
    }

    @Test("A damaged file is refused or works")
    func damaged() throws {
        let model = RecurrentModel(
            RecurrentSizes(units: 4, layers: 1, directions: 2, pooling: .max, hidden: [.init(3, .relu)]))
        try Workplace.withFolder { folder in
            let path = folder.appendingPathComponent("m.gguf").path
            try model.write(to: path, .int8)
            try Mutation.useDamaged(path, seed: 4) { classifier in
                _ = classifier.makeWorker().classify(RecurrentModel.texts)
            }
        }
    }
}
