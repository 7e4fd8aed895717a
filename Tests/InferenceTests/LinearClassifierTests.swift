import Fixtures
import Foundation
import ModelFile
import Packaging
import Testing
import Text

@testable import Inference

/// Linear models as they are served, against sums that are written down here.
@Suite struct LinearClassifierTests {
    private static let texts = [
        "late flight, great crew", "the crew was AWFUL !!! @air http://a.b/c", "naïve café ☕️ 日本語 so so so good", "x",
    ]

    /// A model whose features are the n-grams of the texts, with weights and frequencies that 8 bits hold exactly.
    private struct Model {
        let blocks = [NgramBlock(.token, 1...2), NgramBlock(.character, 2...4)]
        let views = [
            LinearModelSchema.View(block: 0, counting: .sublinear, usesFrequency: true, norm: .euclidean),
            .init(block: 1, counting: .count, usesFrequency: true, norm: .euclidean),
            .init(block: 0, counting: .binary, usesFrequency: false, norm: nil),
        ]
        let labels: [String]
        let pipeline: TextPipeline
        var packed: LinearPacker

        init(classes: Int, seed: UInt64 = 7) throws {
            var random = Seeded(seed)
            labels = (0..<classes).map { "label \($0)" }
            pipeline = try TextPipeline(preset: "tweet")
            let outputs = classes == 2 ? 1 : classes
            var hashes = blocks.map { _ in Set<UInt64>() }
            for text in LinearClassifierTests.texts {
                for (block, ngrams) in Self.scan(text, pipeline, blocks).enumerated() {
                    hashes[block].formUnion(ngrams)
                }
            }
            let features = hashes.map { Array($0).sorted().enumerated().filter { $0.offset % 5 != 0 }.map(\.element) }
            packed = LinearPacker(
                blocks: zip(blocks, features).map { block, hashes in
                    .init(
                        name: block.description, hashes: hashes,
                        frequencies: hashes.indices.map { 1 + Double($0 == 0 ? 0 : $0 == 1 ? 255 : $0 * 37 % 256) / 64 }
                    )
                },
                views: views.map { view in
                    let count = features[view.block].count * outputs
                    var weights = (0..<count).map { _ in Double(Int.random(in: -127...127, using: &random)) / 32 }
                    for output in 0..<outputs { weights[output] = 127.0 / 32 }
                    return (view, weights)
                }, bias: (0..<outputs).map { Double($0) / 4 - 0.5 },
                counts: [
                    ("exclamations", (0..<outputs).map { Double($0) / 2 - 0.75 }),
                    ("characters", (0..<outputs).map { 0.25 - Double($0) / 8 }),
                ])
        }

        static func scan(_ text: String, _ pipeline: TextPipeline, _ blocks: [NgramBlock]) -> [[UInt64]] {
            var (buffer, ngrams) = (TextBuffer(), NgramScanner.Text())
            buffer.load(text)
            pipeline.apply(to: &buffer)
            NgramScanner(blocks).scan(buffer, into: &ngrams)
            return ngrams.occurrences.map { $0.map(\.hash) }
        }

        func write(to path: String) throws {
            try packed.packed().write(
                to: path,
                ModelCard(
                    name: "m", family: "linear", labels: labels, maxTokens: 512, preprocessing: pipeline.strings))
        }

        /// The logits of a text, as the documentation of the model file defines them.
        func logits(_ text: String) -> [Double] {
            let ngrams = Self.scan(text, pipeline, blocks)
            var outputs = packed.bias
            for output in outputs.indices {
                outputs[output] += Double(text.filter { $0 == "!" }.count) * packed.counts[0].weights[output]
                outputs[output] += Double(text.unicodeScalars.count) * packed.counts[1].weights[output]
            }
            for (view, weights) in packed.views {
                let block = packed.blocks[view.block]
                let counts = ngrams[view.block].reduce(into: [Int: Int]()) { counts, hash in
                    if let feature = block.hashes.firstIndex(of: hash) { counts[feature, default: 0] += 1 }
                }
                let values = counts.mapValues { count -> Double in
                    switch view.counting {
                    case .count: Double(count)
                    case .sublinear: 1 + log(Double(count))
                    case .binary: 1
                    }
                }
                let weighted = Dictionary(
                    uniqueKeysWithValues: values.map { feature, value in
                        (feature, value * (view.usesFrequency ? block.frequencies[feature] : 1))
                    })
                let length = weighted.values.reduce(0) { $0 + $1 * $1 }.squareRoot()
                for (feature, value) in weighted {
                    for output in outputs.indices {
                        let weight = weights[feature * outputs.count + output]
                        outputs[output] += value / (view.norm == .euclidean ? length : 1) * weight
                    }
                }
            }
            return outputs.count == 1 ? [0, outputs[0]] : outputs
        }
    }

    @Test(arguments: [2, 3])
    func theLogitsAreTheSumsThatTheDocumentationDefines(classes: Int) throws {
        let model = try Model(classes: classes)
        try Workplace.withFolder { folder in
            let path = folder.appendingPathComponent("m.gguf").path
            try model.write(to: path)
            let worker = try Classifier(ModelFile(path: path)).makeWorker()
            for text in Self.texts + ["", "unknown words only", Self.texts.joined(separator: " ")] {
                let prediction = worker.explain(text)
                for (found, expected) in zip(prediction.logits, model.logits(text)) {
                    #expect(abs(Double(found) - expected) < 1e-4, "\(text)")
                }
                let explanation = try #require(prediction.explanation)
                let sum = explanation.parts.reduce(explanation.bias) { $0 + $1.contribution }
                #expect(abs(sum - explanation.logit) < 1e-4 && explanation.method == .terms)
                let marks = explanation.parts.filter { $0.text == "number of '!': 3" }
                #expect(marks.count == (text.contains("!") ? 1 : 0))
            }
        }
    }

    /// The hashes are part of every model file, so they never change.
    ///
    /// Python has computed these from their definition.
    @Test func theHashesOfNgramsNeverChange() throws {
        let pipeline = try TextPipeline([])
        let hashes = Model.scan("so good", pipeline, [NgramBlock(.token, 1...2), NgramBlock(.character, 2...3)])
        #expect(hashes[0].map { String($0, radix: 16) } == Self.tokenHashes)
        #expect(hashes[1].prefix(2).map { String($0, radix: 16) } == Self.characterHashes)
    }

    @Test func aDamagedFileIsRefusedOrWorks() throws {
        try Workplace.withFolder { folder in
            let path = folder.appendingPathComponent("m.gguf").path
            try Model(classes: 3).write(to: path)
            try Mutation.useDamaged(path, seed: 3) { classifier in
                for text in Self.texts { _ = classifier.makeWorker().explain(text) }
            }
        }
    }

    private static let tokenHashes = ["cbfdbfff09e5346c", "ec40b2a6ec52f48", "377cc5f3f039a05a"]
    private static let characterHashes = ["fea2bdacc9400a9", "5000c89bfb20c0af"]
}
