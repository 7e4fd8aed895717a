import Fixtures
import Foundation
import ModelFile
import Testing
import Text

@testable import Inference
@testable import Packaging

/// Compares tokenizers that are read from the files of a checkpoint with the reference.
///
/// make_subword_goldens.py made the goldens and their tokenizers.
@Suite struct SubwordParityTests {
    private static let goldens = Workplace.repository.appendingPathComponent("Tests/InferenceTests/Goldens")

    /// Writes a model file that has only a tokenizer, and opens it.
    private func tokenizer(_ folder: URL) throws -> Tokenizer {
        let source = try TokenizerFiles.read(folder: folder.path)
        return try Workplace.withFolder { place in
            let path = place.appendingPathComponent("m.gguf").path
            try ModelFile.write(
                to: path, metadata: source.schema.entries, tensors: source.tensors, hash: sha256)
            return try Tokenizer(ModelFile(path: path))
        }
    }

    /// Copies some files of a tokenizer into a folder, with a tokenizer_config.json if there are settings.
    private func tokenizer(_ names: [String], of kind: String, settings: String? = nil) throws -> Tokenizer {
        try Workplace.withFolder { folder in
            for name in names {
                try FileManager.default.copyItem(
                    at: Self.goldens.appendingPathComponent("\(kind)/\(name)"),
                    to: folder.appendingPathComponent((name as NSString).lastPathComponent))
            }
            if let settings {
                try Data(settings.utf8).write(to: folder.appendingPathComponent("tokenizer_config.json"))
            }
            return try tokenizer(folder)
        }
    }

    private func expectParity(
        _ tokenizer: Tokenizer, _ goldens: URL, least: Int, _ place: SourceLocation = #_sourceLocation
    ) throws {
        let lines = try Golden.read(goldens)
        let wrong = lines.filter { tokenizer.encode($0.text ?? "", literals: .asHuggingFace).ids != $0.ids }
        #expect(lines.count >= least, sourceLocation: place)
        let first = wrong.prefix(5).map {
            "\($0.text?.debugDescription ?? ""): \(tokenizer.encode($0.text ?? "", literals: .asHuggingFace).ids), not \($0.ids)"
        }
        #expect(wrong.isEmpty, "\(wrong.count) differ: \(first.joined(separator: "\n"))", sourceLocation: place)
    }

    @Test(
        "Byte-level byte-pair encoding gives the ids of the reference, from both forms of its files",
        arguments: [["tokenizer.json"], ["vocab.json", "merges.txt"]])
    func bytePair(files: [String]) throws {
        let goldens = Self.goldens.appendingPathComponent("byte-level-bpe/ids.jsonl")
        try expectParity(tokenizer(files, of: "byte-level-bpe"), goldens, least: 390)
    }

    @Test("A setting of tokenizer_config.json counts instead of that in tokenizer.json")
    func prefixSpace() throws {
        let goldens = Self.goldens.appendingPathComponent("byte-level-bpe/ids-prefix-space.jsonl")
        let settings = #"{"add_prefix_space": true}"#
        try expectParity(
            tokenizer(["tokenizer.json"], of: "byte-level-bpe", settings: settings), goldens, least: 390)
    }

    @Test(
        "Unigram gives the ids of the reference, from all forms of its files",
        arguments: [
            ("tokenizer.json", "ids.jsonl"), ("sentencepiece.bpe.model", "ids.jsonl"),
            ("words/tokenizer.json", "words/ids.jsonl"),
        ])
    func unigram(file: String, ids: String) throws {
        let goldens = Self.goldens.appendingPathComponent("unigram/\(ids)")
        try expectParity(tokenizer([file], of: "unigram"), goldens, least: 390)
    }

    @Test("Unigram with the steps of ALBERT gives the ids of the reference", arguments: ["", "words/"])
    func albert(place: String) throws {
        let goldens = Self.goldens.appendingPathComponent("albert/\(place)ids.jsonl")
        try expectParity(tokenizer(["\(place)tokenizer.json"], of: "albert"), goldens, least: 395)
    }

    @Test("The model of SentencePiece of an older ALBERT gives the ids of the reference")
    func albertPieces() throws {
        let files = ["pieces/spiece.model", "pieces/tokenizer_config.json"]
        let goldens = Self.goldens.appendingPathComponent("albert/pieces/ids.jsonl")
        try expectParity(tokenizer(files, of: "albert"), goldens, least: 395)
    }

    @Test("The author of a text cannot spell a special token", arguments: ["byte-level-bpe", "unigram"])
    func injection(kind: String) throws {
        let tokenizer = try tokenizer(["tokenizer.json"], of: kind)
        let ids = tokenizer.encode("<s>a</s> <mask> <pad>").ids
        #expect(ids.first == 0 && ids.last == 2)
        #expect(ids.dropFirst().dropLast().allSatisfy { $0 > 2 && $0 != Int32(tokenizer.vocabulary - 1) })
        // Full-width characters become those of ASCII, and still spell no special token.
        #expect(!tokenizer.encode("＜ｓ＞").ids.dropFirst().contains(0))
    }

    @Test("Truncation keeps the start and the end", arguments: ["byte-level-bpe", "unigram"])
    func truncation(kind: String) throws {
        let tokenizer = try tokenizer(["tokenizer.json"], of: kind)
        let text = String(repeating: "the flight was delayed 😍 ", count: 20)
        let all = tokenizer.encode(text).ids
        for limit in 2...40 {
            let cut = tokenizer.encode(text, limit: limit)
            #expect(cut.ids == all.prefix(limit - 1) + [2] && cut.isTruncated)
        }
        #expect(!tokenizer.encode(text, limit: all.count).isTruncated)
    }

    @Test(
        "Every line of the shared corpora has the ids of the reference",
        .enabled(if: Workplace.hasShared, "needs the parity corpora"),
        arguments: [
            ("roberta", ["tokenizer.json"], "parity"), ("roberta", ["vocab.json", "merges.txt"], "parity"),
            ("roberta", ["tokenizer.json"], "parity-prefix-space"), ("xlm-roberta", ["tokenizer.json"], "parity"),
            ("xlm-roberta", ["sentencepiece.bpe.model"], "parity"),
        ])
    func corpora(kind: String, files: [String], corpus: String) throws {
        let place = Workplace.shared.appendingPathComponent("reference/tokenizer/\(kind)")
        try Workplace.withFolder { folder in
            for name in files {
                let file = place.appendingPathComponent(name)
                try FileManager.default.copyItem(at: file, to: folder.appendingPathComponent(name))
            }
            if corpus.hasSuffix("prefix-space") {
                try Data(#"{"add_prefix_space": true}"#.utf8).write(
                    to: folder.appendingPathComponent("tokenizer_config.json"))
            }
            try expectParity(tokenizer(folder), place.appendingPathComponent("\(corpus).jsonl"), least: 2000)
        }
    }
}
