import Fixtures
import Foundation
import Testing

@testable import Packaging

/// Weights in files of PyTorch.
///
/// make_torch_goldens.py made the goldens.
@Suite struct TorchFileTests {
    private static let goldens = Workplace.repository.appendingPathComponent("Tests/PackagingTests/Goldens")

    private func golden(_ name: String) -> String { Self.goldens.appendingPathComponent(name).path }

    @Test(
        "Every tensor of a file of PyTorch has the bits of the same tensor in safetensors",
        arguments: ["state.bin", "protocol-4.bin"])
    func bits(name: String) throws {
        let (file, expected) = (try TorchFile(path: golden(name)), try Safetensors(path: golden("state.safetensors")))
        #expect(expected.names.count == 10)
        for name in expected.names {
            #expect(file.shape(of: name) == expected.shape(of: name), "\(name)")
            let found = try file.floats(name, shape: expected.shape(of: name))
            #expect(found.map(\.bitPattern) == (try expected.floats(name).map(\.bitPattern)), "\(name)")
        }
        let error = #expect(throws: PackagingError.self) { try file.floats("position_ids", shape: nil) }
        #expect(error?.description.contains("the type of tensor 'position_ids' is torch.LongStorage") == true)
    }

    /// Packs a tiny checkpoint after its weights were changed.
    private func pack(_ change: (_ folder: URL, _ weights: Safetensors) throws -> Void) throws -> Data {
        try Workplace.withFolder { folder in
            let checkpoint = try TinyCheckpoint(in: folder.appendingPathComponent("tiny")).folder
            let weights = checkpoint.appendingPathComponent("model.safetensors")
            try change(checkpoint, Safetensors(path: weights.path))
            let output = folder.appendingPathComponent("m.gguf")
            _ = try Packer.pack(checkpoint.path, into: output.path, .init(maxTokens: 32))
            return try Data(contentsOf: output)
        }
    }

    private func replace(_ folder: URL, with files: [String: Data]) throws {
        try FileManager.default.removeItem(at: folder.appendingPathComponent("model.safetensors"))
        for (name, data) in files { try data.write(to: folder.appendingPathComponent(name)) }
    }

    @Test("The same weights give the same model file, in one file and in shards")
    func sameModel() throws {
        let expected = try pack { _, _ in }
        let single = try pack { folder, weights in
            try replace(folder, with: ["pytorch_model.bin": TorchWriter.stateDictionary(weights)])
        }
        #expect(single == expected)
        let shards = try pack { folder, weights in
            let names = weights.names
            let parts = [Array(names.prefix(11)), Array(names.dropFirst(11))]
            var files: [String: Data] = [:]
            var map: [String: String] = [:]
            for (index, part) in parts.enumerated() {
                files["part-\(index).bin"] = try TorchWriter.stateDictionary(weights, part)
                for name in part { map[name] = "part-\(index).bin" }
            }
            files["pytorch_model.bin.index.json"] = try JSONSerialization.data(withJSONObject: ["weight_map": map])
            try replace(folder, with: files)
        }
        #expect(shards == expected)
    }

    @Test("A base from which a classifier is trained has the same weights")
    func base() throws {
        try Workplace.withFolder { folder in
            _ = try TinyCheckpoint(.distilbert, in: folder)
            func read() throws -> [[Float]?] {
                let base = try BaseCheckpoint(path: folder.path, labels: ["no", "yes"])
                return try base.tensors.map { try base.floats($0) }
            }
            let expected = try read()
            let weights = try Safetensors(path: folder.appendingPathComponent("model.safetensors").path)
            try replace(folder, with: ["pytorch_model.bin": TorchWriter.stateDictionary(weights)])
            #expect(try read() == expected && expected.compactMap(\.self).count > 30)
        }
    }

    @Test("A pointer of Git LFS in place of the weights is named")
    func pointer() throws {
        try Workplace.withFolder { folder in
            let checkpoint = try TinyCheckpoint(in: folder).folder
            let pointer = Data("version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n".utf8)
            try replace(checkpoint, with: ["pytorch_model.bin": pointer])
            let error = #expect(throws: PackagingError.self) { try Checkpoint(path: checkpoint.path) }
            #expect(error?.description.contains("git lfs pull") == true)
        }
    }

    @Test("The old names of a layer norm are understood")
    func oldNames() throws {
        func renamed(_ name: String) -> String {
            name.replacingOccurrences(of: "LayerNorm.weight", with: "LayerNorm.gamma")
                .replacingOccurrences(of: "LayerNorm.bias", with: "LayerNorm.beta")
        }
        let old = try pack { folder, weights in
            let tensors = try weights.names.map {
                Safetensors.NewTensor(
                    renamed($0), shape: weights.shape(of: $0) ?? [], try weights.floats($0)[...])
            }
            let file = folder.appendingPathComponent("model.safetensors").path
            try Safetensors.write(to: file, metadata: [], tensors: tensors.sorted { $0.name < $1.name })
        }
        #expect(try old == pack { _, _ in })
    }

    private func message(_ pickle: [UInt8]) -> String {
        do throws(Pickle.Problem) {
            _ = try Pickle.tensors(pickle)
            return ""
        } catch { return error.reason }
    }

    @Test("A pickle that would run code is refused by the name of what it calls")
    func code() {
        let call = Array("\u{80}\u{2}cos\nsystem\nX".unicodeScalars.map { UInt8($0.value) })
        #expect(message(call) == "uses 'os.system', which no state dict needs, so it may run code")
        #expect(message(Array("cbuiltins\neval\n".utf8)).hasPrefix("uses 'builtins.eval'"))
        #expect(
            message([0x80, 4, 0x8C, 2, 0x6E, 0x74, 0x8C, 6] + Array("system".utf8) + [0x93]).hasPrefix(
                "uses 'nt.system'"))
        #expect(message([0x81]) == "has the instruction 0x81 of pickle, which no state dict needs")
        #expect(message([0x29, 0x29, 0x52]) == "calls something that is not a function")
        #expect(message(Array("(lp0\n.".utf8)).contains("instruction 0x6c"))
    }

    @Test("Values that are missing, too many or too deep are named")
    func bounds() {
        #expect(message([]) == "is cut off" && message([0x2E]).contains("something else than a dictionary"))
        #expect(message([0x52]) == "is damaged: a value is missing" && message([0x74]).contains("a mark is missing"))
        #expect(message([0x68, 7]) == "is damaged: it has kept no value 7")
        #expect(message([0x29] + [UInt8](repeating: 0x85, count: 9)).contains("tuples inside each other"))
        #expect(message([UInt8](repeating: 0x4E, count: Pickle.mostValues + 1)).contains("values at a time"))
        #expect(message([0x58, 0xFF, 0x0F, 0, 0]) == "is cut off")
        #expect(message([0x58, 0xFF, 0xFF, 0xFF, 0xFF]).contains("a text of 4294967295 bytes"))
        let deep = TorchWriter.pickle([("a", [Int](repeating: 1, count: 17))])
        #expect(message(deep).contains("a tensor that is not a storage with an offset, a shape and strides"))
    }

    @Test("Ten thousand damaged pickles are refused or read, and none stops the process")
    func mutations() throws {
        let names = ["a.weight", "a.bias", "b.weight"]
        let original = TorchWriter.pickle(names.map { ($0, $0 == "a.bias" ? [3] : [3, 4]) })
        var random = Seeded(1)
        var read = 0
        for _ in 0..<10_000 {
            var pickle = original
            for _ in 0..<Int.random(in: 1...6, using: &random) {
                let place = Int.random(in: pickle.indices, using: &random)
                switch Int.random(in: 0..<4, using: &random) {
                case 0: pickle[place] = UInt8.random(in: 0...255, using: &random)
                case 1: pickle.remove(at: place)
                case 2: pickle.insert(pickle.randomElement(using: &random) ?? 0, at: place)
                default: pickle[place] ^= 1 << UInt8.random(in: 0..<8, using: &random)
                }
            }
            if (try? Pickle.tensors(pickle)) != nil { read += 1 }
        }
        #expect(read > 100 && read < 9_900, "\(read) were read")
    }

    @Test("A damaged archive is refused, or its tensors stay inside of their bytes")
    func damagedArchive() throws {
        let original = try Data(contentsOf: Self.goldens.appendingPathComponent("state.bin"))
        var random = Seeded(2)
        try Workplace.withFolder { folder in
            let file = folder.appendingPathComponent("pytorch_model.bin")
            for _ in 0..<500 {
                var bytes = original
                for _ in 0..<Int.random(in: 1...4, using: &random) {
                    bytes[Int.random(in: bytes.indices, using: &random)] = UInt8.random(in: 0...255, using: &random)
                }
                if Bool.random(using: &random) { bytes = bytes.prefix(Int.random(in: 0...bytes.count, using: &random)) }
                try bytes.write(to: file)
                guard let weights = try? TorchFile(path: file.path) else { continue }
                for name in ["table", "transposed", "half", "empty"] { _ = try? weights.floats(name, shape: nil) }
            }
        }
    }

    @Test(
        "Files of old versions of PyTorch and other files are refused with the next step",
        arguments: [
            ("legacy.bin", "was saved by PyTorch before version 1.6"),
            ("state.safetensors", "is not a zip archive, or is cut off. Load"),
        ])
    func otherFiles(name: String, reason: String) throws {
        let error = #expect(throws: PackagingError.self) { try TorchFile(path: golden(name)) }
        #expect(error?.description.contains(reason) == true && error?.description.contains("save_pretrained") == true)
    }

    @Test("A tensor that reaches over the end of its storage is refused")
    func outside() throws {
        try Workplace.withFolder { folder in
            let pickle = Data(TorchWriter.pickle([("a", [3, 4]), ("b", [1 << 30, 1 << 30])]))
            let file = folder.appendingPathComponent("x.bin")
            try TorchWriter.archive([
                ("s/data.pkl", pickle), ("s/data/0", Data(count: 47)), ("s/data/1", Data(count: 4)),
            ]).write(to: file)
            let weights = try TorchFile(path: file.path)
            for name in ["a", "b"] {
                let error = #expect(throws: PackagingError.self) { try weights.floats(name, shape: nil) }
                #expect(error?.description.contains("has a tensor '\(name)' that is larger than its bytes") == true)
            }
        }
    }
}
