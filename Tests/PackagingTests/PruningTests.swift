import Fixtures
import Foundation
import ModelFile
import Testing

@testable import Packaging

@Suite("Leaving out word pieces") struct PruningTests {
    private static let texts = ["Great crew, not late!", "worst delay zzz", "é great"]

    /// A checkpoint whose unused pieces lie before, between and after the used ones.
    private func checkpoint(
        _ architecture: TinyCheckpoint.Architecture, in folder: URL, vocabularyFile: Bool = false
    ) throws -> PrunableCheckpoint {
        _ = try TinyCheckpoint(architecture, in: folder, vocabularyFile: vocabularyFile) { $0["pad_token_id"] = 0 }
        return try PrunableCheckpoint(path: folder.path)
    }

    @Test("Special tokens, characters, and pieces that occur often enough stay")
    func kept() throws {
        try Workplace.withFolder { folder in
            let vocabulary = try checkpoint(.bert, in: folder).vocabulary
            let pieces = vocabulary.pieces(of: Self.texts)
            func names(_ minCount: Int) -> [String] {
                vocabulary.kept(for: pieces, minCount: minCount).map { TinyCheckpoint.vocabulary[$0] }
            }
            let always = TinyCheckpoint.vocabulary.filter {
                TinyCheckpoint.specials.contains($0) || $0.count == 1 || ($0.hasPrefix("##") && $0.count == 3)
            }
            #expect(always.count == 5 + 7 + 26 + 26)
            #expect(names(1) == always + ["late", "delay", "crew", "great", "worst", "not"])
            #expect(names(2) == always + ["great"])
        }
    }

    @Test(
        "Pruning and packing give the same file in both orders", arguments: TinyCheckpoint.Architecture.bases,
        Precision.allCases)
    func order(architecture: TinyCheckpoint.Architecture, precision: Precision) throws {
        try Workplace.withFolder { folder in
            func path(_ name: String) -> String { folder.appendingPathComponent(name).path }
            let source = try checkpoint(architecture, in: folder.appendingPathComponent("base"))
            let kept = source.vocabulary.kept(for: source.vocabulary.pieces(of: Self.texts), minCount: 1)
            let options = Packer.Options(name: "same", maxTokens: 32, precision: precision)

            let small = try source.prune(to: kept, into: path("small"))
            _ = try Packer.pack(path("small"), into: path("first.gguf"), options)
            _ = try Packer.pack(path("base"), into: path("whole.gguf"), options)
            let whole = try ModelFile(path: path("whole.gguf"))
            let report = try whole.prune(to: kept, of: PrunableVocabulary(whole), into: path("second.gguf"))
            let second = try ModelFile(path: path("second.gguf"))
            try second.verify()
            #expect(second.metadata.entries.map(\.key).sorted() == whole.metadata.entries.map(\.key).sorted())
            let first = try ModelFile(path: path("first.gguf"))
            #expect(first.tensors.map(\.name) == second.tensors.map(\.name))
            for (a, b) in zip(first.tensors, second.tensors) {
                #expect(a.shape == b.shape && a.bytes.elementsEqual(b.bytes), "\(a.name)")
            }
            let expected = kept.map { TinyCheckpoint.vocabulary[$0] }
            #expect(try PrunableVocabulary(second).tokens == expected)
            for report in [small, report] {
                #expect(report.before.pieces == TinyCheckpoint.vocabulary.count && report.after.pieces == kept.count)
                #expect(report.after.embeddings < report.before.embeddings)
            }
            #expect(report.after.bytes == second.withBytes(\.count))
        }
    }

    @Test("A checkpoint with vocab.txt keeps its form, and a base can be opened")
    func vocabularyFile() throws {
        try Workplace.withFolder { folder in
            let source = try checkpoint(.distilbert, in: folder.appendingPathComponent("base"), vocabularyFile: true)
            let small = folder.appendingPathComponent("small").path
            _ = try source.prune(to: [0, 1, 2, 3, 4, 12, 13], into: small)
            let text = try String(contentsOfFile: "\(small)/vocab.txt", encoding: .utf8)
            #expect(text == "[PAD]\n[UNK]\n[CLS]\n[SEP]\n[MASK]\na\nb\n")
            let base = try BaseCheckpoint(path: small, labels: ["no", "yes"])
            #expect(base.vocabulary == 7)
            #expect(base.encode(["b great a"], maxTokens: 8) == [[2, 6, 1, 5, 3]])
        }
    }

    @Test("All ids in the files of a tokenizer get their new numbers")
    func ids() throws {
        try Workplace.withFolder { folder in
            let base = folder.appendingPathComponent("base")
            _ = try checkpoint(.bert, in: base)
            let file = base.appendingPathComponent("tokenizer.json")
            var tokenizer = try #require(
                JSONSerialization.jsonObject(with: Data(contentsOf: file)) as? [String: Any])
            tokenizer["post_processor"] = [
                "type": "TemplateProcessing",
                "single": [
                    ["SpecialToken": ["id": "[CLS]", "type_id": 0]], ["Sequence": ["id": "A", "type_id": 0]],
                    ["SpecialToken": ["id": "[SEP]", "type_id": 0]],
                ],
                "special_tokens": ["[CLS]": ["id": "[CLS]", "ids": [2], "tokens": ["[CLS]"]]],
            ]
            tokenizer["padding"] = ["pad_id": 0, "pad_type_id": 0]
            try JSONSerialization.data(withJSONObject: tokenizer).write(to: file)
            let settings = #"{"added_tokens_decoder":{"1":{"content":"[UNK]"},"3":{"content":"[SEP]"}}}"#
            try Data(settings.utf8).write(to: base.appendingPathComponent("tokenizer_config.json"))
            let small = folder.appendingPathComponent("small").path
            _ = try PrunableCheckpoint(path: base.path).prune(to: [1, 2, 3, 12], into: small)
            func text(_ name: String) throws -> String {
                try String(contentsOfFile: "\(small)/\(name)", encoding: .utf8)
            }
            #expect(try text("tokenizer_config.json").contains(#"{"0":{"content":"[UNK]"},"2":{"content":"[SEP]"}}"#))
            #expect(try text("tokenizer.json").contains(#""ids":[1]"#))
            #expect(try text("tokenizer.json").contains(#""type_id":0"#))
            #expect(try text("config.json").contains(#""vocab_size":4"#))
        }
    }

    @Test("A model without word pieces is refused")
    func otherFamily() throws {
        try Workplace.withFolder { folder in
            let path = folder.appendingPathComponent("m.gguf").path
            let card = ModelCard(name: "m", family: "linear", labels: ["a", "b"], maxTokens: 8)
            try ModelFile.write(to: path, metadata: card.entries, tensors: [], hash: sha256)
            #expect {
                try PrunableVocabulary(ModelFile(path: path))
            } throws: { "\($0)".contains("only a transformer can be pruned") }
        }
    }
}
