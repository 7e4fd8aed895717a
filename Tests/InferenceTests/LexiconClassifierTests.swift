import Fixtures
import Foundation
import ModelFile
import Packaging
import Testing
import Text

@testable import Inference

/// Lexicons as they are served, against sums that are written down here.
@Suite struct LexiconClassifierTests {
    private static let words = ["good", "bad", "crew", ":)"]
    private static let texts = ["not good crew :)", "VERY bad!!", "good but BAD", "", "x"]

    /// A lexicon whose valences 8 bits hold exactly.
    private func write(to path: String, classes: Int) throws -> (valences: [UInt64: [Float]], weights: [Double]) {
        let outputs = classes == 2 ? 1 : classes
        let hashes = Self.words.map(hash)
        let valences = hashes.indices.map { word in
            (0..<outputs).map { output in Float(word == 0 ? 127 : (word * 53 + output * 31) % 200 - 100) / 32 }
        }
        let order = hashes.indices.sorted { hashes[$0] < hashes[$1] }
        let weights = (0..<outputs * outputs).map { Double($0 * 7 % 5) / 2 - 0.75 }
        try LexiconPacker(
            hashes: order.map { hashes[$0] }, valences: order.flatMap { valences[$0] }, weights: weights,
            bias: (0..<outputs).map { Double($0) / 4 - 0.5 }
        ).packed().write(
            to: path,
            ModelCard(
                name: "m", family: "lexicon", labels: (0..<classes).map { "label \($0)" }, maxTokens: 512,
                preprocessing: ["entities"]))
        return (Dictionary(uniqueKeysWithValues: zip(hashes, valences)), weights)
    }

    private func scanned(_ text: String) -> LexiconText {
        var (buffer, words) = (TextBuffer(), LexiconText())
        buffer.load(text)
        words.scan(buffer)
        return words
    }

    private func hash(_ word: String) -> UInt64 { scanned(word).words[0].hash }

    @Test(arguments: [2, 3])
    func theLogitsAreTheSumsThatTheDocumentationDefines(classes: Int) throws {
        try Workplace.withFolder { folder in
            let path = folder.appendingPathComponent("m.gguf").path
            let (valences, weights) = try write(to: path, classes: classes)
            let outputs = classes == 2 ? 1 : classes
            let worker = try Classifier(ModelFile(path: path)).makeWorker()
            for text in Self.texts {
                let words = scanned(text)
                let compounds = (0..<outputs).map { output in
                    words.compound { valences[words.words[$0].hash]?[output] ?? 0 }
                }
                let prediction = worker.explain(text)
                for output in 0..<outputs {
                    let expected = compounds.indices.reduce(Double(output) / 4 - 0.5) {
                        $0 + Double(compounds[$1]) * weights[$1 * outputs + output]
                    }
                    #expect(abs(Double(prediction.logits[classes == 2 ? 1 : output]) - expected) < 1e-5, "\(text)")
                }
                let explanation = try #require(prediction.explanation)
                let sum = explanation.parts.reduce(explanation.bias) { $0 + $1.contribution }
                #expect(abs(sum - explanation.logit) < 1e-5 && explanation.method == .terms)
            }
        }
    }

    @Test func aDamagedFileIsRefusedOrWorks() throws {
        try Workplace.withFolder { folder in
            let path = folder.appendingPathComponent("m.gguf").path
            _ = try write(to: path, classes: 3)
            try Mutation.useDamaged(path, seed: 3) { classifier in
                for text in Self.texts { _ = classifier.makeWorker().explain(text) }
            }
        }
    }
}
