import Fixtures
import Foundation
import ModelFile
import Testing

@testable import Packaging

@Suite("Checkpoints from which a classifier is trained") struct BaseCheckpointTests {
    private static let labels = ["negative", "neutral", "positive"]

    @Test(
        "All architectures have their tensors, and a head that fits is kept",
        arguments: TinyCheckpoint.Architecture.bases)
    func tensors(architecture: TinyCheckpoint.Architecture) throws {
        try Workplace.withFolder { folder in
            _ = try TinyCheckpoint(architecture, in: folder)
            let base = try BaseCheckpoint(path: folder.path, labels: Self.labels.reversed())
            let values = TinyCheckpoint.values(architecture)
            let new = base.tensors.filter { $0.source == nil }
            #expect(base.tensors.count == (architecture == .distilbert ? 4 + 32 + 4 : 5 + 32 + 4))
            for tensor in base.tensors where tensor.source != nil {
                let found = try #require(try base.floats(tensor))
                #expect(found == values[tensor.source ?? ""], "\(tensor.name)")
                #expect(found.count == tensor.shape.reduce(1, *))
            }
            if architecture == .encoder {
                #expect(
                    new.map(\.name) == [
                        "bert.pooler.dense.weight", "bert.pooler.dense.bias", "classifier.weight", "classifier.bias",
                    ])
                #expect(base.labels == Self.labels.reversed())
            } else {
                #expect(new.isEmpty)
                #expect(base.labels == Self.labels, "the head's order is kept")
            }
        }
    }

    @Test("Layers can be left out", arguments: TinyCheckpoint.Architecture.bases)
    func layers(architecture: TinyCheckpoint.Architecture) throws {
        try Workplace.withFolder { folder in
            _ = try TinyCheckpoint(architecture, in: folder.appendingPathComponent("base"))
            let base = try BaseCheckpoint(path: folder.appendingPathComponent("base").path, labels: Self.labels) {
                #expect($0 == TinyCheckpoint.layers)
                return [1]
            }
            #expect(base.layers == 1 && base.isShortened)
            #expect(base.tensors.count == (architecture == .distilbert ? 4 + 16 + 4 : 5 + 16 + 4))
            for tensor in base.tensors where tensor.name.contains("layer.") {
                #expect(tensor.name.contains("layer.0.") && tensor.source?.contains("layer.1.") == true)
            }
            let values = try base.tensors.flatMap {
                try base.floats($0) ?? Array(repeating: 0, count: $0.shape.reduce(1, *))
            }
            let saved = folder.appendingPathComponent("saved").path
            try base.write(to: saved, values: values)
            let again = try BaseCheckpoint(path: saved, labels: Self.labels)
            #expect(again.layers == 1 && !again.isShortened)
            #expect(try again.tensors.flatMap { try #require(try again.floats($0)) } == values)
        }
    }

    @Test("The norms of an older checkpoint, which are called gamma and beta, are read")
    func olderNames() throws {
        try Workplace.withFolder { folder in
            _ = try TinyCheckpoint(.bert, in: folder)
            let base = try BaseCheckpoint(path: folder.path, labels: Self.labels)
            let values = try base.tensors.map { try base.floats($0) }
            let file = folder.appendingPathComponent("model.safetensors")
            let bytes = try Data(contentsOf: file)
            let length = 8 + Int(bytes[0]) + Int(bytes[1]) << 8 + Int(bytes[2]) << 16
            let header = String(decoding: bytes[8..<length], as: UTF8.self)
            let older = header.replacing("LayerNorm.weight", with: "LayerNorm.gamma")
                .replacing("LayerNorm.bias", with: "LayerNorm.beta")
            #expect(older.count < header.count)
            let padded = older + String(repeating: " ", count: header.utf8.count - older.utf8.count)
            try (bytes[..<8] + Data(padded.utf8) + bytes[length...]).write(to: file)
            let again = try BaseCheckpoint(path: folder.path, labels: Self.labels)
            #expect(try again.tensors.map { try again.floats($0) } == values)
        }
    }

    @Test("A head with other labels is new")
    func otherLabels() throws {
        try Workplace.withFolder { folder in
            _ = try TinyCheckpoint(.distilbert, in: folder)
            let base = try BaseCheckpoint(path: folder.path, labels: ["no", "yes"])
            #expect(base.tensors.filter { $0.source == nil }.map(\.name) == ["classifier.weight", "classifier.bias"])
            #expect(base.tensors.last { $0.name == "classifier.weight" }?.shape == [2, TinyCheckpoint.width])
            #expect(base.labels == ["no", "yes"])
        }
    }

    @Test(
        "The written folder is read again with the same values, and packed",
        arguments: TinyCheckpoint.Architecture.bases)
    func writing(architecture: TinyCheckpoint.Architecture) throws {
        try Workplace.withFolder { folder in
            _ = try TinyCheckpoint(architecture, in: folder.appendingPathComponent("base"))
            let base = try BaseCheckpoint(path: folder.appendingPathComponent("base").path, labels: ["no", "yes"])
            var random = Seeded(1)
            let values = random.floats(base.tensors.reduce(0) { $0 + $1.shape.reduce(1, *) }, 0.1)
            let saved = folder.appendingPathComponent("saved/here").path
            try base.write(to: saved, values: values)

            let again = try BaseCheckpoint(path: saved, labels: ["no", "yes"])
            #expect(again.labels == ["no", "yes"])
            let found = try again.tensors.flatMap { try #require(try again.floats($0)) }
            #expect(found == values)
            #expect(again.dropout == base.dropout)
            #expect(again.encode(["great flight"], maxTokens: 8) == base.encode(["great flight"], maxTokens: 8))

            let text = try String(contentsOfFile: "\(saved)/config.json", encoding: .utf8)
            #expect(text.contains(#""id2label":{"0":"no","1":"yes"}"#))
            #expect(text.contains(":\(TinyCheckpoint.width),"), "whole numbers have no point, which Python needs")
            let model = folder.appendingPathComponent("m.gguf").path
            _ = try Packer.pack(saved, into: model, .init(maxTokens: 16))
            #expect(try ModelCard(ModelFile(path: model)).labels == ["no", "yes"])
        }
    }

    @Test("A language model without a head can be a base")
    func languageModel() throws {
        try Workplace.withFolder { folder in
            _ = try TinyCheckpoint(.bert, in: folder) { $0["architectures"] = ["BertForMaskedLM"] }
            let base = try BaseCheckpoint(path: folder.path, labels: ["no", "yes"])
            #expect(base.tensors.filter { $0.source == nil }.count == 2)
            #expect(throws: PackagingError.self) {
                try Packer.pack(folder.path, into: folder.appendingPathComponent("m.gguf").path)
            }
        }
    }

    @Test("A probability of dropout outside 0 to 1 is an error that names it")
    func dropout() throws {
        try Workplace.withFolder { folder in
            _ = try TinyCheckpoint(.bert, in: folder) { $0["hidden_dropout_prob"] = 1.5 }
            #expect {
                try BaseCheckpoint(path: folder.path, labels: Self.labels)
            } throws: { "\($0)".contains("hidden_dropout_prob") && "\($0)".contains("1.5") }
        }
    }

    @Test("A file that cannot be written leaves the one that was there")
    func fullDisk() throws {
        try Workplace.withFolder { folder in
            let path = folder.appendingPathComponent("m.safetensors").path
            try Safetensors.write(to: path, metadata: [("a", "b\"c")], tensors: [.init("x", shape: [2], [1, 2])])
            let file = try Safetensors(path: path)
            #expect(try file.floats("x", shape: [2]) == [1, 2])
            #expect(file.metadata == ["a": "b\"c"])
            #expect(throws: (any Error).self) {
                try Safetensors.write(to: "/dev/full", metadata: [], tensors: [.init("x", shape: [1], [1])])
            }
        }
    }
}
