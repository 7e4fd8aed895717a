import Fixtures
import Foundation
import ModelFile
import Packaging
import Testing
import Text

@testable import Inference

/// Thousands of damaged model files and checkpoints: each is refused, or works without a crash.
///
/// The number of each kind is 200, or the value of the environment variable `MUTATIONS`. `MUTATION_SEED` chooses others.
@Suite struct MutatedModelTests {
    private static let count = ProcessInfo.processInfo.environment["MUTATIONS"].flatMap { Int($0) } ?? 200
    private static let seed = ProcessInfo.processInfo.environment["MUTATION_SEED"].flatMap { UInt64($0) } ?? 1

    /// Uses a model file in every way that a user can.
    private func use(_ path: String) throws {
        let file = try ModelFile(path: path)
        try? file.verify()
        _ = ModelDescription(file.metadata)
        let texts = ["late flight, great crew", "[SEP] é \u{600}\""]
        if let tokenizer = try? Tokenizer(file) { _ = tokenizer.encode(texts[1], literals: .asHuggingFace) }
        if let encoder = try? SentenceEncoder(file) { _ = encoder.makeWorker().embed(texts) }
        let classifier = try Classifier(file)
        for prediction in classifier.makeWorker().classify(texts) {
            #expect(classifier.labels.indices.contains(prediction.label))
        }
    }

    @Test(arguments: TinyCheckpoint.Architecture.allCases)
    func aDamagedModelFileIsRefusedOrWorks(architecture: TinyCheckpoint.Architecture) throws {
        var random = Seeded(Self.seed)
        try Workplace.withFolder { folder in
            let checkpoint = try TinyCheckpoint(architecture, in: folder.appendingPathComponent("tiny"))
            let path = folder.appendingPathComponent("m.gguf").path
            _ = try Packer.pack(checkpoint.folder.path, into: path, .init(maxTokens: 16))
            let original = try Data(contentsOf: URL(fileURLWithPath: path))
            let header = try ModelFile(path: path).dataOffset
            var opened = 0
            for _ in 0..<Self.count {
                var bytes = original
                Mutation.damage(&bytes, mostlyBefore: header, &random)
                try bytes.write(to: URL(fileURLWithPath: path))
                if (try? ModelFile(path: path)) != nil { opened += 1 }
                try? use(path)
            }
            #expect((1..<Self.count).contains(opened), "the damages are too small or too large")
        }
    }

    @Test(arguments: ["config.json", "tokenizer.json", "model.safetensors"])
    func aDamagedCheckpointIsRefusedOrPackedIntoAFileThatOpens(name: String) throws {
        var random = Seeded(Self.seed)
        try Workplace.withFolder { folder in
            let checkpoint = try TinyCheckpoint(in: folder.appendingPathComponent("tiny"))
            let file = checkpoint.folder.appendingPathComponent(name)
            let original = try Data(contentsOf: file)
            let output = folder.appendingPathComponent("m.gguf").path
            var count = 0
            for _ in 0..<Self.count {
                try Mutation.damaged(original, name, &random).write(to: file)
                guard (try? Packer.pack(checkpoint.folder.path, into: output, .init(maxTokens: 16))) != nil else {
                    continue
                }
                count += 1
                let packed = try ModelFile(path: output)
                try packed.verify()
                if try ModelCard(packed).labels.isEmpty {
                    _ = try SentenceEncoder(packed).makeWorker().embed(["late"])
                } else {
                    try use(output)
                }
            }
            #expect((1..<Self.count).contains(count), "the damages are too small or too large")
        }
    }
}
