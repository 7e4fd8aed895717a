import Fixtures
import Foundation
import ModelFile
import Testing

@testable import Packaging

@Suite struct PackerTests {
    @Test(arguments: TinyCheckpoint.Architecture.allCases, Precision.allCases)
    func everyArchitectureIsPackedAndVerified(architecture: TinyCheckpoint.Architecture, precision: Precision) throws {
        try Workplace.withFolder { folder in
            let checkpoint = try TinyCheckpoint(architecture, in: folder.appendingPathComponent("tiny"))
            let output = folder.appendingPathComponent("model.gguf").path
            let report = try Packer.pack(
                checkpoint.folder.path, into: output, .init(maxTokens: 32, precision: precision))
            let file = try ModelFile(path: output)
            try file.verify()
            #expect(try file.metadata.string("general.name") == "tiny")
            #expect(
                try file.metadata.strings("pinson.labels") == (architecture == .encoder ? [] : TinyCheckpoint.labels))
            #expect(report.parameters == TinyCheckpoint.weightCount(architecture))
            #expect(report.bytes == file.withBytes { $0.count })
            #expect(report.parts.reduce(0) { $0 + $1.bytes } == file.tensors.reduce(0) { $0 + $1.byteCount })
        }
    }

    private func pack(_ folder: URL, _ name: String, _ make: (URL) throws -> Void) throws -> Data {
        let checkpoint = folder.appendingPathComponent(name)
        try make(checkpoint)
        let output = folder.appendingPathComponent("\(name).gguf")
        _ = try Packer.pack(checkpoint.path, into: output.path, .init(name: "same", maxTokens: 32))
        return try Data(contentsOf: output)
    }

    @Test func shardsAndTheVocabularyFileGiveTheSameModel() throws {
        try Workplace.withFolder { folder in
            let whole = try pack(folder, "whole") { _ = try TinyCheckpoint(in: $0) }
            #expect(try pack(folder, "again") { _ = try TinyCheckpoint(in: $0) } == whole)
            #expect(try pack(folder, "shards") { _ = try TinyCheckpoint(in: $0, shards: 3) } == whole)
            #expect(try pack(folder, "text") { _ = try TinyCheckpoint(in: $0, vocabularyFile: true) } == whole)
            #expect(try pack(folder, "other") { _ = try TinyCheckpoint(in: $0, seed: 2) } != whole)
        }
    }

    @Test(arguments: [TinyCheckpoint.Encoding.float16, .bfloat16])
    func halfPrecisionCheckpointsArePacked(encoding: TinyCheckpoint.Encoding) throws {
        try Workplace.withFolder { folder in
            let half = try Packed(
                TinyCheckpoint(in: folder.appendingPathComponent("half"), encoding: encoding), in: folder)
            let full = try Packed(TinyCheckpoint(in: folder.appendingPathComponent("full")), in: folder)
            let (a, b) = (try half.floats("classifier.weight"), try full.floats("classifier.weight"))
            #expect(a.count == b.count)
            #expect(a != b)  // something was cut off
            for (a, b) in zip(a, b) { #expect(abs(a - b) <= abs(b) / 128) }
        }
    }

    private struct Packed {
        let file: ModelFile

        init(_ checkpoint: TinyCheckpoint, in folder: URL) throws {
            let output = folder.appendingPathComponent(checkpoint.folder.lastPathComponent + ".gguf").path
            _ = try Packer.pack(checkpoint.folder.path, into: output, .init(maxTokens: 32, precision: .float32))
            file = try ModelFile(path: output)
        }

        func floats(_ name: String) throws -> [Float] {
            Array(try #require(file.tensor(named: name)).elements(as: Float.self))
        }
    }

    @Test func theSegmentIsAddedToThePositions() throws {
        try Workplace.withFolder { folder in
            let checkpoint = try TinyCheckpoint(in: folder.appendingPathComponent("tiny"))
            let weights = try Safetensors(path: checkpoint.folder.appendingPathComponent("model.safetensors").path)
            let positions = try weights.floats("bert.embeddings.position_embeddings.weight")
            let segments = try weights.floats("bert.embeddings.token_type_embeddings.weight")
            let expected = (0..<32 * TinyCheckpoint.width).map { positions[$0] + segments[$0 % TinyCheckpoint.width] }
            #expect(try Packed(checkpoint, in: folder).floats("embeddings.position.weight") == expected)
        }
    }

    struct Refusal: CustomTestStringConvertible, Sendable {
        var message: String
        var architecture = TinyCheckpoint.Architecture.bert
        var maxTokens = 32
        var edit: @Sendable (inout [String: Any]) -> Void = { _ in }
        var spoil: @Sendable (URL) throws -> Void = { _ in }

        var testDescription: String { message }
    }

    private static func edit(_ folder: URL, _ name: String, _ change: (inout [String: Any]) -> Void) throws {
        let file = folder.appendingPathComponent(name)
        var object = try JSONSerialization.jsonObject(with: Data(contentsOf: file)) as? [String: Any] ?? [:]
        change(&object)
        try JSONSerialization.data(withJSONObject: object).write(to: file)
    }

    private static func set(_ file: String, _ key: String, _ json: String) -> @Sendable (URL) throws -> Void {
        { folder in
            let value = try JSONSerialization.jsonObject(with: Data(json.utf8), options: .fragmentsAllowed)
            try edit(folder, file) { $0[key] = value }
        }
    }

    /// A tokenizer with these tokens and no others.
    private static func setVocabulary(_ json: String) -> @Sendable (URL) throws -> Void {
        { folder in
            try set("tokenizer.json", "model", "{\"type\":\"WordPiece\",\"vocab\":\(json)}")(folder)
            try set("tokenizer.json", "added_tokens", "[]")(folder)
        }
    }

    static let refusals: [Refusal] = [
        Refusal(
            message: #""architectures" is 'RobertaForSequenceClassification', supported: BertForSequenceClassification"#
        ) { $0["architectures"] = ["RobertaForSequenceClassification"] },
        Refusal(message: #""architectures" is 'missing'"#) { $0["architectures"] = nil },
        Refusal(message: #""hidden_act" is 'relu', supported: gelu"#) { $0["hidden_act"] = "relu" },
        Refusal(message: #""activation" is 'relu', supported: gelu"#, architecture: .distilbert) {
            $0["activation"] = "relu"
        },
        Refusal(message: #""position_embedding_type" is 'relative_key', supported: absolute"#) {
            $0["position_embedding_type"] = "relative_key"
        },
        Refusal(message: #""problem_type" is 'multi_label_classification'"#) {
            $0["problem_type"] = "multi_label_classification"
        },
        Refusal(message: #""quantization_config" is present"#) { $0["quantization_config"] = ["bits": 4] },
        Refusal(message: #""hidden_size" is missing, expected an integer"#) { $0["hidden_size"] = nil },
        Refusal(message: "its width 40 is no multiple of its 7 heads") { $0["num_attention_heads"] = 7 },
        Refusal(message: "the layers is 1000, supported: 1...256") { $0["num_hidden_layers"] = 1000 },
        Refusal(message: #""id2label" has the ids ["0"]"#) { $0["id2label"] = ["0": "x"] },
        Refusal(message: #""id2label" has the ids ["0", "2"]"#) { $0["id2label"] = ["0": "x", "2": "y"] },
        Refusal(message: "lacks the tensor 'bert.encoder.layer.2.attention.self.query.weight'") {
            $0["num_hidden_layers"] = 3
        },
        Refusal(
            message:
                "tensor 'bert.encoder.layer.0.intermediate.dense.weight' is (72, 40), config.json makes it (80, 40)"
        ) { $0["intermediate_size"] = 80 },
        Refusal(message: "tensor 'classifier.weight' is (3, 40), config.json makes it (2, 40)") {
            $0["id2label"] = ["0": "x", "1": "y"]
        },
        Refusal(message: "--max-tokens is 65, supported: 2...64", maxTokens: 65),
        Refusal(
            message: "config.json: cannot be read",
            spoil: { try FileManager.default.removeItem(at: $0.appendingPathComponent("config.json")) }),
        Refusal(
            message: "config.json: it is not JSON",
            spoil: { try Data("{".utf8).write(to: $0.appendingPathComponent("config.json")) }),
        Refusal(
            message: "has no tokenizer.json or vocab.txt",
            spoil: { try FileManager.default.removeItem(at: $0.appendingPathComponent("tokenizer.json")) }),
        Refusal(
            message: "has no model.safetensors",
            spoil: { try FileManager.default.removeItem(at: $0.appendingPathComponent("model.safetensors")) }),
        Refusal(
            message: "(pytorch_model.bin is not read)",
            spoil: {
                try FileManager.default.moveItem(
                    at: $0.appendingPathComponent("model.safetensors"),
                    to: $0.appendingPathComponent("pytorch_model.bin"))
            }),
        Refusal(
            message: #"the type of "model" is 'BPE', supported: WordPiece"#,
            spoil: set("tokenizer.json", "model", #"{"type":"BPE"}"#)),
        Refusal(
            message: #"the type of "normalizer" is 'NFC', supported: BertNormalizer"#,
            spoil: set("tokenizer.json", "normalizer", #"{"type":"NFC"}"#)),
        Refusal(
            message: #"the type of "pre_tokenizer" is 'missing'"#, spoil: set("tokenizer.json", "pre_tokenizer", "null")
        ),
        Refusal(
            message: "the added token '[URL]' is not special",
            spoil: set("tokenizer.json", "added_tokens", #"[{"id":75,"content":"[URL]","special":false}]"#)),
        Refusal(message: "its vocabulary lacks the token '[CLS]'", spoil: setVocabulary(##"{"[UNK]":0}"##)),
        Refusal(message: "ids must run from 0 without a gap", spoil: setVocabulary(##"{"[UNK]":90}"##)),
        Refusal(message: "it has 75 tokens, the embeddings have 74 rows") { $0["vocab_size"] = 74 },
    ]

    @Test(arguments: refusals)
    func whatCannotBePackedIsNamed(_ refusal: Refusal) throws {
        try Workplace.withFolder { folder in
            let checkpoint = try TinyCheckpoint(
                refusal.architecture, in: folder.appendingPathComponent("tiny"), edit: refusal.edit)
            try refusal.spoil(checkpoint.folder)
            let output = folder.appendingPathComponent("model.gguf").path
            let error = #expect(throws: PackagingError.self) {
                try Packer.pack(checkpoint.folder.path, into: output, .init(maxTokens: refusal.maxTokens))
            }
            #expect(error?.description.contains(refusal.message) == true, "\(error?.description ?? "")")
            #expect(!FileManager.default.fileExists(atPath: output))
        }
    }

    @Test func aSentenceEncoderMustPoolByTheMean() throws {
        try Workplace.withFolder { folder in
            let checkpoint = try TinyCheckpoint(.encoder, in: folder.appendingPathComponent("tiny"))
            let pooling = checkpoint.folder.appendingPathComponent("1_Pooling")
            try FileManager.default.createDirectory(at: pooling, withIntermediateDirectories: true)
            func pack(_ mode: String) throws {
                try Data("{\"pooling_mode_\(mode)\": true}".utf8).write(
                    to: pooling.appendingPathComponent("config.json"))
                _ = try Packer.pack(
                    checkpoint.folder.path, into: folder.appendingPathComponent("m.gguf").path, .init(maxTokens: 32))
            }
            try pack("mean_tokens")
            #expect(throws: PackagingError.self) { try pack("max_tokens") }
        }
    }

    @Test func aSentenceEncoderMayHaveNoOtherModules() throws {
        try Workplace.withFolder { folder in
            let checkpoint = try TinyCheckpoint(.encoder, in: folder.appendingPathComponent("tiny"))
            func pack(_ modules: [String]) throws {
                let list = modules.map { ["type": "sentence_transformers.models.\($0)"] }
                try JSONSerialization.data(withJSONObject: list)
                    .write(to: checkpoint.folder.appendingPathComponent("modules.json"))
                let output = folder.appendingPathComponent("m.gguf").path
                _ = try Packer.pack(checkpoint.folder.path, into: output, .init(maxTokens: 32))
            }
            try pack(["Transformer", "Pooling"])
            try pack(["Transformer", "Pooling", "Normalize"])
            #expect(throws: PackagingError.self) { try pack(["Transformer", "Pooling", "Dense", "Normalize"]) }
        }
    }

    @Test(arguments: [Float.nan, .infinity], [Precision.int8, .float32])
    func aWeightThatIsNoNumberIsNamed(value: Float, precision: Precision) throws {
        try Workplace.withFolder { folder in
            let checkpoint = try TinyCheckpoint(in: folder.appendingPathComponent("tiny"))
            let weights = checkpoint.folder.appendingPathComponent("model.safetensors")
            var bytes = try Data(contentsOf: weights)
            bytes.replaceSubrange(
                bytes.count - 4..<bytes.count, with: withUnsafeBytes(of: value.bitPattern) { Data($0) })
            try bytes.write(to: weights)
            let error = #expect(throws: PackagingError.self) {
                let output = folder.appendingPathComponent("m.gguf").path
                _ = try Packer.pack(checkpoint.folder.path, into: output, .init(maxTokens: 32, precision: precision))
            }
            #expect(error?.description.contains("'classifier.bias' holds a value that is not a finite number") == true)
            #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["tiny"])
        }
    }

    @Test func aVocabularyMayHaveLineBreaksOfTwoBytesAndTokensThatOnlyLookAlike() throws {
        try Workplace.withFolder { folder in
            let checkpoint = try TinyCheckpoint(in: folder.appendingPathComponent("tiny"), vocabularyFile: true)
            let file = checkpoint.folder.appendingPathComponent("vocab.txt")
            let output = folder.appendingPathComponent("m.gguf").path
            func pack(_ tokens: [String], _ end: String) throws -> ModelFile {
                try Data((tokens.joined(separator: end) + end).utf8).write(to: file)
                _ = try Packer.pack(checkpoint.folder.path, into: output, .init(maxTokens: 32))
                return try ModelFile(path: output)
            }
            var tokens = TinyCheckpoint.vocabulary
            tokens[73] = "\u{E9}x"
            tokens[74] = "e\u{301}x"
            let vocabulary = try pack(tokens, "\n").tensor(named: "vocabulary.trie").map { [UInt8]($0.bytes) }
            let same = try pack(tokens, "\r\n").tensor(named: "vocabulary.trie").map { [UInt8]($0.bytes) }
            #expect(vocabulary == same)
            tokens[74] = tokens[73]
            #expect(throws: PackagingError.self) { try pack(tokens, "\n") }
        }
    }

    @Test func aShardOutsideTheFolderIsRefused() throws {
        try Workplace.withFolder { folder in
            let checkpoint = try TinyCheckpoint(in: folder.appendingPathComponent("tiny"), shards: 2)
            try Self.edit(checkpoint.folder, "model.safetensors.index.json") {
                $0["weight_map"] = ["a": "../x.safetensors"]
            }
            #expect(throws: PackagingError.self) {
                try Packer.pack(checkpoint.folder.path, into: folder.appendingPathComponent("m.gguf").path)
            }
        }
    }
}
