import Fixtures
import Foundation
import ModelFile
import Packaging
import Testing

@testable import Inference

@Suite struct ClassifierTests {
    @Test(arguments: [TinyCheckpoint.Architecture.bert, .distilbert])
    func anAnswerHasTheSameBitsWhateverBatchItArrivesIn(architecture: TinyCheckpoint.Architecture) throws {
        let classifier = try Classifier(TinyModel.pack(architecture))
        let texts = TinyModel.texts(40)
        let alone = texts.map { classifier.makeWorker().classify([$0])[0] }
        for capacity in [64, 100, 512] {
            #expect(classifier.makeWorker(tokens: capacity).classify(texts) == alone)
        }
        #expect(classifier.makeWorker(tokens: 512).classify(texts.reversed()) == alone.reversed())
        #expect(Set(alone.map(\.logits)).count > 20, "the model gives too many texts the same logits")
    }

    @Test(arguments: [2, 3, 5])
    func anAnswerHasTheSameBitsHoweverManyThreadsWorkOnIt(threads: Int) throws {
        let classifier = try Classifier(TinyModel.pack(isWide: threads == 3))
        let texts = TinyModel.texts(40, seed: 4)
        let alone = classifier.makeWorker(tokens: 512).classify(texts)
        let together = classifier.makeWorker(tokens: 512, threads: threads)
        #expect(together.classify(texts) == alone)
        for (text, expected) in zip(texts, alone) { #expect(together.classify([text]) == [expected]) }
        together.threads = 1
        #expect(together.classify(texts) == alone)
    }

    @Test(arguments: InstructionSet.allCases.filter(\.isSupported), Precision.allCases)
    func everyInstructionSetGivesTheSameBits(set: InstructionSet, precision: Precision) throws {
        let texts = TinyModel.texts(30, seed: 2)
        for isWide in [false, true] {
            let file = try TinyModel.pack(.bert, precision, isWide: isWide)
            let answers = { (set: InstructionSet) in
                let classifier = try Classifier(file, instructionSet: set)
                return classifier.makeWorker(tokens: 200, threads: 2).classify(texts)
            }
            let (found, expected) = (try answers(set), try answers(.baseline))
            #expect(found == expected)
        }
    }

    @Test func scoresAreProbabilitiesAndTheLabelIsTheirLargest() throws {
        let classifier = try Classifier(TinyModel.pack())
        for prediction in classifier.makeWorker().classify(TinyModel.texts(50, seed: 3)) {
            #expect(abs(prediction.scores.reduce(0, +) - 1) < 1e-6)
            #expect(prediction.scores[prediction.label] == prediction.scores.max())
            #expect(prediction.tokens <= 64)
        }
    }

    @Test func aLongTextIsTruncatedAndSaysSo() throws {
        let classifier = try Classifier(TinyModel.pack(maxTokens: 16))
        let long = String(repeating: "late ", count: 40)
        let answers = classifier.makeWorker().classify([long, long + "great", "late"])
        #expect(answers.map(\.isTruncated) == [true, true, false])
        #expect(answers[0] == answers[1])
        #expect(answers[0].tokens == 16)
    }

    @Test func embeddingsHaveLengthOne() throws {
        let encoder = try SentenceEncoder(TinyModel.pack(.encoder))
        for embedding in encoder.makeWorker().embed(TinyModel.texts(10)) {
            #expect(embedding.count == encoder.width)
            #expect(abs(embedding.reduce(0) { $0 + $1 * $1 } - 1) < 1e-5)
        }
    }

    @Test func aSentenceEncoderIsNotAClassifier() throws {
        let file = try TinyModel.pack(.encoder)
        let error = #expect(throws: ModelFileError.self) { try Classifier(file) }
        #expect(error == .noLabels(path: file.path))
        #expect(error?.description.contains("is a sentence encoder, which has no labels") == true)
    }

    @Test func theTokenizerNeedsNoWeights() throws {
        let file = try TinyModel.pack()
        let tokens = [
            TensorSchema("vocabulary.trie", .int32, try #require(file.tensor(named: "vocabulary.trie")).shape)
        ]
        try Workplace.withFolder { folder in
            let path = folder.appendingPathComponent("tokenizer.gguf").path
            try ModelFile.write(
                to: path, metadata: TokenizerSchema(file.metadata).entries,
                tensors: tokens.map { schema in
                    .init(schema) { [UInt8](try #require(file.tensor(named: schema.name)).bytes) }
                }
            ) { _ in String(repeating: "0", count: 64) }
            let found = try Tokenizer(ModelFile(path: path))
            for text in TinyModel.texts(20) {
                #expect(try found.encode(text) == Tokenizer(file).encode(text))
            }
        }
    }

    /// Seeded damages in a packed model.
    ///
    /// The model is refused or gives some answer, but never crashes.
    @Test(arguments: 0..<6)
    func aDamagedModelNeverCrashes(seed: UInt64) throws {
        var random = Seeded(seed)
        try Workplace.withFolder { folder in
            let original = TinyModel.bytes(of: try TinyModel.pack(maxTokens: 16))
            let header = original.indices.prefix(12000).filter { original[$0] != 0x20 }
            var answered = 0
            for _ in 0..<250 {
                var bytes = original
                for _ in 0..<Int.random(in: 1...30, using: &random) {
                    let index =
                        Bool.random(using: &random)
                        ? header.randomElement(using: &random) : original.indices.randomElement(using: &random)
                    bytes[index ?? 0] = UInt8.random(in: 0...255, using: &random)
                }
                let url = folder.appendingPathComponent("damaged.gguf")
                try Data(bytes).write(to: url)
                guard let file = try? ModelFile(path: url.path), let classifier = try? Classifier(file) else {
                    continue
                }
                let answers = classifier.makeWorker().classify(["love the late flight!", ""])
                #expect(answers.allSatisfy { classifier.labels.indices.contains($0.label) })
                answered += 1
            }
            #expect(answered > 0)
        }
    }

    @Test func labelsMustBeDistinct() throws {
        try Workplace.withFolder { folder in
            var bytes = TinyModel.bytes(of: try TinyModel.pack())
            let label = Array("positive".utf8)
            let start = try #require(bytes.indices.first { bytes[$0...].starts(with: label) })
            bytes.replaceSubrange(start..<start + label.count, with: Array("negative".utf8))
            let url = folder.appendingPathComponent("damaged.gguf")
            try Data(bytes).write(to: url)
            #expect(throws: ModelFileError.self) { try Classifier(ModelFile(path: url.path)) }
        }
    }

    @Test func aMissingKeyIsNamed() throws {
        try Workplace.withFolder { folder in
            let path = folder.appendingPathComponent("empty.gguf").path
            try ModelFile.write(to: path, metadata: [], tensors: []) { _ in String(repeating: "0", count: 64) }
            let error = #expect(throws: ModelFileError.self) { try Classifier(ModelFile(path: path)) }
            #expect(error == .missingKey(path: path, key: "general.name"))
        }
    }
}

extension TinyModel {
    static func bytes(of file: ModelFile) -> [UInt8] { file.withBytes { [UInt8]($0) } }
}
