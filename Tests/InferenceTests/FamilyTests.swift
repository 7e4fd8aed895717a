import Fixtures
import Foundation
import ModelFile
import Testing

@testable import Inference

/// A second, tiny family, which shows what a family needs: a schema, and a type that conforms to `Family`.
///
/// It counts letters. The logit of a label is the number of times that its letter occurs, times a weight.
private struct LetterCounts: Family {
    let letters: [Character]
    let weights: Tensor
    let limit: Int

    init(_ file: ModelFile, _ card: ModelCard) throws(ModelFileError) {
        letters = Array(try file.metadata.string("pinson.letters.letters"))
        weights = try file.tensor(TensorSchema("letters.weight", .float32, [card.labels.count]))
        limit = card.maxTokens
    }

    /// The counts of the current text.
    final class Buffers {
        var counts: [Float]
        init(_ count: Int) { counts = Array(repeating: 0, count: count) }
    }

    func makeBuffers(_ options: WorkerOptions) -> Buffers { Buffers(letters.count) }

    func score(_ texts: [String], in buffers: Buffers, threads: Int) -> [FamilyOutput] {
        texts.map { text in
            let read = text.prefix(limit)
            for index in letters.indices {
                let weight = weights.elements(as: Float.self)[index]
                buffers.counts[index] = weight * Float(read.count { $0 == letters[index] })
            }
            return FamilyOutput(logits: buffers.counts, tokens: read.count, isTruncated: read.count < text.count)
        }
    }

    func scoreSample(tokens: Int, in buffers: Buffers, threads: Int) -> [Float] {
        score([String(repeating: "a", count: tokens)], in: buffers, threads: threads)[0].logits
    }
}

@Suite struct FamilyTests {
    private func withModel<R>(family: String = "letters", _ body: (ModelFile) throws -> R) throws -> R {
        try Workplace.withFolder { folder in
            let path = folder.appendingPathComponent("letters.gguf").path
            let card = ModelCard(name: "letters", family: family, labels: ["a", "b"], maxTokens: 6)
            let entry: MetadataEntry = ("pinson.letters.letters", .string("ab"))
            let weights = ModelFile.NewTensor(TensorSchema("letters.weight", .float32, [2])) {
                [Float(1), 2].withUnsafeBytes { Array($0) }
            }
            try ModelFile.write(to: path, metadata: card.entries + [entry], tensors: [weights]) { _ in
                String(repeating: "0", count: 64)
            }
            return try body(ModelFile(path: path))
        }
    }

    @Test func aSecondFamilyScoresTextsThroughTheSameWorker() throws {
        try withModel { file in
            let worker = FamilyWorker(
                try LetterCounts(file, ModelCard(file)), WorkerOptions(instructionSet: .best))
            let scores = worker.score(["aab", "bbbb", "aaaabbbb"], threads: 1)
            #expect(scores.map(\.logits) == [[2, 2], [0, 8], [4, 4]])
            #expect(scores.map(\.isTruncated) == [false, false, true])
            #expect(scores.map(\.tokens) == [3, 4, 6])
            #expect(worker.scoreSample(tokens: 5, threads: 1) == [5, 0])
            #expect(Decision().predict(scores[1].logits).label == 1)
        }
    }

    @Test func aFamilyWithoutACaseIsNamed() throws {
        try withModel { file in
            let error = #expect(throws: ModelFileError.self) { try Classifier(file) }
            #expect(error?.description.contains("does not know the family 'letters' in 'pinson.family'") == true)
        }
    }

    @Test(arguments: [
        ("transformer", "frobnicate", "this build cannot apply its preprocessing. There is no text step 'frobnicate'"),
        ("linear", "frobnicate", "this build cannot apply its preprocessing. There is no text step 'frobnicate'"),
    ])
    func aStepOfPreprocessingThatCannotBeAppliedIsNamed(family: String, step: String, reason: String) throws {
        try Workplace.withFolder { folder in
            let path = folder.appendingPathComponent("m.gguf").path
            var card = ModelCard(name: "m", family: family, labels: ["a", "b"], maxTokens: 6)
            card.preprocessing = [step]
            try ModelFile.write(to: path, metadata: card.entries, tensors: []) { _ in String(repeating: "0", count: 64)
            }
            let error = #expect(throws: ModelFileError.self) { try Classifier(ModelFile(path: path)) }
            #expect(error?.description.contains(reason) == true, "\(error?.description ?? "")")
        }
    }
}
