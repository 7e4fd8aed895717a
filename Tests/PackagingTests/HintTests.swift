import Fixtures
import Foundation
import Testing

@testable import Packaging

/// Folders that are not checkpoints, and the way to a checkpoint that the error shows.
@Suite struct HintTests {
    private func message(_ path: String) -> String {
        let output = FileManager.default.temporaryDirectory.appendingPathComponent("pinson-\(UUID().uuidString).gguf")
        let error = #expect(throws: PackagingError.self) {
            try Packer.pack(path, into: output.path, .init(maxTokens: 32))
        }
        #expect(!FileManager.default.fileExists(atPath: output.path))
        return error?.description ?? ""
    }

    @Test(arguments: ["config.json", "tokenizer.json", "model.safetensors"])
    func aPointerOfGitLFSIsRecognizedInEveryFile(name: String) throws {
        try Workplace.withFolder { folder in
            let checkpoint = try TinyCheckpoint(in: folder)
            let pointer = "version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 12345\n"
            try Data(pointer.utf8).write(to: checkpoint.folder.appendingPathComponent(name))
            #expect(
                message(folder.path) == "\(folder.path)/\(name): is a pointer of Git LFS, not the file itself. "
                    + "Run `git lfs pull` in the folder of the checkpoint.")
        }
    }

    @Test func aNameOnTheHubIsRecognized() {
        #expect(
            message("some-org/tiny.bert")
                == "some-org/tiny.bert: there is no such folder. If this is a model on the Hugging "
                + "Face Hub, download it first: `hf download some-org/tiny.bert --local-dir tiny.bert`. "
                + "Then pack the folder 'tiny.bert'.")
        for path in ["./a/b", "/nowhere/b", "a/b/c", "nowhere", "a/"] {
            #expect(message(path).contains("it is not a folder. Give the folder of the checkpoint"), "\(path)")
        }
    }

    @Test func aFolderOfTheCacheOfTheHubLeadsToItsCheckpoint() throws {
        try Workplace.withFolder { folder in
            let cache = folder.appendingPathComponent("models--org--tiny")
            let snapshot = cache.appendingPathComponent("snapshots/0123abcd")
            try FileManager.default.createDirectory(at: snapshot, withIntermediateDirectories: true)
            #expect(
                message(cache.path).contains("which has no complete checkpoint. Download it again with `hf download`"))
            _ = try TinyCheckpoint(in: snapshot)
            #expect(message(cache.path).contains("in a folder of its own. Pack '\(snapshot.path)'."))
        }
    }

    @Test func anAdapterIsRecognized() throws {
        try Workplace.withFolder { folder in
            let adapter = folder.appendingPathComponent("adapter_config.json")
            try Data(#"{"base_model_name_or_path":"org/base","peft_type":"LORA"}"#.utf8).write(to: adapter)
            #expect(
                message(folder.path).contains(
                    "is an adapter (LoRA or another kind of PEFT), which needs its base model 'org/base'. Merge both"))
            try Data("{".utf8).write(to: adapter)
            #expect(message(folder.path).contains("which needs its base model. Merge both in Python"))
        }
    }

    @Test func aModelOfMLflowIsRecognizedAndItsTokenizerIsFound() throws {
        try Workplace.withFolder { folder in
            try Data("flavors: {}\n".utf8).write(to: folder.appendingPathComponent("MLmodel"))
            #expect(message(folder.path).contains("is a model of MLflow without a checkpoint in the folder 'model'"))
            let checkpoint = try TinyCheckpoint(in: folder.appendingPathComponent("model"))
            let tokenizer = folder.appendingPathComponent("components/tokenizer")
            try FileManager.default.createDirectory(at: tokenizer, withIntermediateDirectories: true)
            let name = "tokenizer.json"
            try FileManager.default.moveItem(
                at: checkpoint.folder.appendingPathComponent(name), to: tokenizer.appendingPathComponent(name))
            let command = "pinson pack \(checkpoint.folder.path) --tokenizer \(tokenizer.path)"
            #expect(message(folder.path).contains("`\(command)`"), "\(message(folder.path))")
            #expect(message(checkpoint.folder.path).contains("give it with `--tokenizer \(tokenizer.path)`"))

            var options = Packer.Options(maxTokens: 32)
            options.tokenizer = tokenizer.path
            let output = folder.appendingPathComponent("m.gguf").path
            #expect(try Packer.pack(checkpoint.folder.path, into: output, options).labels == TinyCheckpoint.labels)
        }
    }

    @Test func aPipeInPlaceOfAFileIsRefusedWithoutWaiting() throws {
        try Workplace.withFolder { folder in
            let checkpoint = try TinyCheckpoint(in: folder)
            for name in ["tokenizer.json", "model.safetensors", "config.json"] {
                let file = checkpoint.folder.appendingPathComponent(name).path
                try FileManager.default.removeItem(atPath: file)
                #expect(mkfifo(file, 0o600) == 0)
                #expect(message(folder.path).contains("\(name): cannot be read, because it is not a regular file."))
            }
        }
    }

    @Test(arguments: [
        ("/a/models--org--some-name/snapshots/0123abcd", "some-name"),
        ("/a/models--org--a--b/snapshots/0123abcd/", "a--b"), ("/a/models--bert-base/snapshots/0123", "bert-base"),
        ("/a/snapshots/0123abcd", "0123abcd"), ("/a/datasets--x--y/snapshots/0123", "0123"), ("/a/b/./c", "c"),
        ("/models--org--name", "models--org--name"),
    ])
    func theNameOfAModelIsThatOfItsRepositoryOrItsFolder(folder: String, name: String) {
        #expect(Packer.defaultName(folder) == name)
    }
}
