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
            #expect(a != b)  // Some precision was lost.
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

    @Test func aSentenceEncoderPoolsByTheMeanOrTheFirstToken() throws {
        try Workplace.withFolder { folder in
            let checkpoint = try TinyCheckpoint(.encoder, in: folder.appendingPathComponent("tiny"))
            let pooling = checkpoint.folder.appendingPathComponent("1_Pooling")
            try FileManager.default.createDirectory(at: pooling, withIntermediateDirectories: true)
            func pack(_ mode: String) throws -> TransformerSchema.Pooling {
                try Data("{\"pooling_mode_\(mode)\": true}".utf8).write(
                    to: pooling.appendingPathComponent("config.json"))
                let output = folder.appendingPathComponent("m.gguf").path
                _ = try Packer.pack(checkpoint.folder.path, into: output, .init(maxTokens: 32))
                let file = try ModelFile(path: output)
                return try TransformerSchema(file, ModelCard(file)).pooling
            }
            #expect(try pack("mean_tokens") == .mean)
            #expect(try pack("cls_token") == .first)
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
            // The encoder may have been taken from a language model, whose name config.json keeps.
            let configuration = checkpoint.folder.appendingPathComponent("config.json")
            let text = try String(contentsOf: configuration, encoding: .utf8)
            try Data(text.replacingOccurrences(of: "BertModel", with: "BertForMaskedLM").utf8).write(to: configuration)
            try pack(["Transformer", "Pooling"])
            #expect(throws: PackagingError.self) { try pack(["Transformer", "Pooling", "Dense", "Normalize"]) }
        }
    }

    @Test(arguments: [Float.nan, .infinity], [Precision.int8, .float32])
    func aWeightThatIsNotAFiniteNumberIsNamed(value: Float, precision: Precision) throws {
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
            #expect(
                error?.description.contains("has a value in the tensor 'classifier.bias' that is not a finite number")
                    == true)
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
            try RefusalTests.edit(checkpoint.folder, "model.safetensors.index.json") {
                $0["weight_map"] = ["a": "../x.safetensors"]
            }
            #expect(throws: PackagingError.self) {
                try Packer.pack(checkpoint.folder.path, into: folder.appendingPathComponent("m.gguf").path)
            }
        }
    }
}
