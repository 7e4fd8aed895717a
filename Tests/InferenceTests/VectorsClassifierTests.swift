import Fixtures
import Foundation
import ModelFile
import Packaging
import Testing
import Text

@testable import Inference

/// Bags of vectors as they are served, against means that are written down here.
@Suite struct VectorsClassifierTests {
    private static let texts = [
        "late flight late crew", "the crew was AWFUL !!! @air http://a.b/c", "naïve café ☕️ so so so good", "",
        "unknown",
    ]
    private static let blocks = [NgramBlock(.token, 1...2), NgramBlock(.character, 3...3)]
    private static let pipeline = ["lowercase"]

    /// A model whose numbers 8 bits hold exactly if its layer is not multiplied into the vectors.
    private struct Model {
        var vectors: [[UInt64: [Float]]] = []
        let weights: [Float]
        let bias: [Float]
        let width: Int
        let norm: VectorsSchema.Norm

        init(classes: Int, width: Int, norm: VectorsSchema.Norm) throws {
            var random = Seeded(3)
            let outputs = classes == 2 ? 1 : classes
            (self.width, self.norm) = (width, norm)
            bias = (0..<outputs).map { Float($0) / 4 - 0.5 }
            weights = random.floats(outputs * width)
            for block in VectorsClassifierTests.blocks.indices {
                let hashes = try VectorsClassifierTests.texts.dropLast().flatMap { try Self.scan($0)[block] }
                let known = Set(hashes).sorted().enumerated().filter { $0.offset % 4 != 3 }.map(\.element)
                vectors.append(
                    Dictionary(
                        uniqueKeysWithValues: known.map { hash in
                            var row = (0..<width).map { _ in Float(Int.random(in: -126...126, using: &random)) / 64 }
                            row[0] = 127 / 64
                            return (hash, row)
                        }))
            }
        }

        static func scan(_ text: String) throws -> [[UInt64]] {
            var (buffer, ngrams) = (TextBuffer(), NgramScanner.Text())
            buffer.load(text)
            try TextPipeline(VectorsClassifierTests.pipeline).apply(to: &buffer)
            NgramScanner(VectorsClassifierTests.blocks).scan(buffer, into: &ngrams)
            return ngrams.occurrences.map { $0.map(\.hash) }
        }

        func write(to path: String) throws {
            let packer = VectorsPacker(
                zip(VectorsClassifierTests.blocks, vectors).map { block, vectors in
                    let hashes = vectors.keys.sorted()
                    return .init(
                        name: block.description, hashes: hashes, values: hashes.flatMap { vectors[$0] ?? [] })
                }, width: width, weights: weights, bias: bias, norm: norm)
            #expect(packer.isFolded == (norm == .none && bias.count <= width))
            try packer.packed().write(
                to: path,
                ModelCard(
                    name: "m", family: "", labels: (0..<max(2, bias.count)).map { "label \($0)" }, maxTokens: 512,
                    preprocessing: VectorsClassifierTests.pipeline))
        }

        /// The outputs by the definition.
        func outputs(_ text: String) throws -> [Double] {
            let rows = try zip(Self.scan(text), vectors).flatMap { hashes, vectors in hashes.compactMap { vectors[$0] }
            }
            var mean = (0..<width).map { column in
                rows.reduce(0) { $0 + Double($1[column]) } / Double(max(1, rows.count))
            }
            if norm == .euclidean {
                let length = mean.reduce(0) { $0 + $1 * $1 }.squareRoot()
                mean = mean.map { length > 0 ? $0 / length : 0 }
            }
            return bias.indices.map { output in
                mean.indices.reduce(Double(bias[output])) { $0 + mean[$1] * Double(weights[output * width + $1]) }
            }
        }
    }

    @Test(
        "The logits are those of the definition", arguments: [2, 3], [(5, VectorsSchema.Norm.euclidean), (2, .none)])
    func definition(classes: Int, form: (width: Int, norm: VectorsSchema.Norm)) throws {
        try Workplace.withFolder { folder in
            let path = folder.appendingPathComponent("m.gguf").path
            let model = try Model(classes: classes, width: form.width, norm: form.norm)
            try model.write(to: path)
            let worker = try Classifier(ModelFile(path: path)).makeWorker()
            // The products of vectors and layer are rounded to steps of 1/127 of the largest one.
            let tolerance = form.norm == .none && classes == 2 ? 0.02 : 1e-5
            for text in Self.texts {
                let prediction = worker.explain(text)
                for (output, expected) in try model.outputs(text).enumerated() {
                    let found = Double(prediction.logits[classes == 2 ? 1 : output])
                    #expect(abs(found - expected) < tolerance, "\(text)")
                }
                let explanation = try #require(prediction.explanation)
                let sum = explanation.parts.reduce(explanation.bias) { $0 + $1.contribution }
                #expect(abs(sum - explanation.logit) < 1e-4 && explanation.method == .terms)
            }
            let parts = worker.explain("late flight late crew").explanation?.parts.map(\.text) ?? []
            let words = ["late", "flight", "crew", "late flight", "flight late", "late crew"]
            #expect(!parts.isEmpty && parts.allSatisfy { words.contains($0) || $0.count == 3 })
            #expect(worker.classify(["unknown"])[0].unknownTokens == 1)
        }
    }

    @Test("A layer that is multiplied into the vectors gives nearly the same answers", arguments: [2, 3])
    func folding(classes: Int) throws {
        try Workplace.withFolder { folder in
            let path = folder.appendingPathComponent("m.gguf").path
            let model = try Model(classes: classes, width: 16, norm: .none)
            try model.write(to: path)
            let file = try ModelFile(path: path)
            #expect(try VectorsSchema(file, ModelCard(file)).width == (classes == 2 ? 1 : 3))
            let worker = try Classifier(file).makeWorker()
            for text in Self.texts {
                let logits = worker.classify([text])[0].logits
                for (output, expected) in try model.outputs(text).enumerated() {
                    #expect(abs(Double(logits[classes == 2 ? 1 : output]) - expected) < 0.05, "\(text)")
                }
            }
        }
    }

    @Test("A model without any vector answers with its bias")
    func empty() throws {
        try Workplace.withFolder { folder in
            let path = folder.appendingPathComponent("m.gguf").path
            try VectorsPacker(
                [.init(name: "token:1-1", hashes: [], values: [])], width: 4, weights: [1, 2, 3, 4], bias: [0.75]
            ).packed().write(to: path, ModelCard(name: "m", family: "", labels: ["a", "b"], maxTokens: 512))
            #expect(try Classifier(ModelFile(path: path)).makeWorker().classify(["a text"])[0].logits == [0, 0.75])
        }
    }

    @Test("A damaged file is refused or works")
    func damage() throws {
        var random = Seeded(3)
        try Workplace.withFolder { folder in
            let path = folder.appendingPathComponent("m.gguf").path
            try Model(classes: 3, width: 5, norm: .euclidean).write(to: path)
            let original = try Data(contentsOf: URL(fileURLWithPath: path))
            var opened = 0
            for round in 0..<400 {
                var bytes = original
                let limit = round % 2 == 0 ? try ModelFile(path: path).dataOffset : bytes.count
                Mutation.damage(&bytes, mostlyBefore: limit, &random)
                let damaged = folder.appendingPathComponent("d.gguf").path
                try bytes.write(to: URL(fileURLWithPath: damaged))
                guard let classifier = try? Classifier(ModelFile(path: damaged)) else { continue }
                opened += 1
                for text in Self.texts { _ = classifier.makeWorker().explain(text) }
            }
            #expect((1..<400).contains(opened))
        }
    }
}
