import Fixtures
import Foundation
import ModelFile
import Testing

@testable import Packaging

/// Vocabularies at their limits.
@Suite struct VocabularyTests {
    /// Packs a checkpoint whose tokenizer has `tokens` after its own.
    private func pack(
        _ tokens: [String], special: [String] = [], _ body: (ModelFile) throws -> Void
    ) throws {
        try Workplace.withFolder { folder in
            let count = TinyCheckpoint.vocabulary.count + tokens.count + special.count
            let checkpoint = try TinyCheckpoint(in: folder) {
                $0["vocab_size"] = max(count, TinyCheckpoint.vocabulary.count)
            }
            // JSON is written by hand, because two tokens may be equal as strings of Swift.
            let vocabulary = (TinyCheckpoint.vocabulary + tokens).enumerated().map { "\"\($1)\":\($0)" }
            let first = TinyCheckpoint.vocabulary.count + tokens.count
            let added =
                TinyCheckpoint.specials.enumerated().map { ($0, $1) } + special.enumerated().map { (first + $0, $1) }
            let json = """
                {"added_tokens":[\(added.map { #"{"id":\#($0.0),"content":"\#($0.1)","special":true}"# }.joined(separator: ","))],
                "normalizer":{"type":"BertNormalizer"},"pre_tokenizer":{"type":"BertPreTokenizer"},
                "model":{"type":"WordPiece","vocab":{\(vocabulary.joined(separator: ","))}}}
                """
            try Data(json.utf8).write(to: folder.appendingPathComponent("tokenizer.json"))
            try grow(folder.appendingPathComponent("model.safetensors"), to: count)
            let output = folder.appendingPathComponent("m.gguf").path
            _ = try Packer.pack(checkpoint.folder.path, into: output, .init(maxTokens: 32))
            try body(ModelFile(path: output))
        }
    }

    /// Adds rows of zeros to the table of tokens, at the end of the data.
    private func grow(_ file: URL, to rows: Int) throws {
        let name = "bert.embeddings.word_embeddings.weight"
        let bytes = try Data(contentsOf: file)
        let length = Int(bytes.prefix(8).withUnsafeBytes { $0.loadUnaligned(as: UInt64.self) })
        var header = try JSONSerialization.jsonObject(with: bytes[8..<8 + length]) as? [String: Any] ?? [:]
        let data = bytes[(8 + length)...]
        var tensor = header[name] as? [String: Any] ?? [:]
        let size = TinyCheckpoint.vocabulary.count * TinyCheckpoint.width * 4
        let more = (rows - TinyCheckpoint.vocabulary.count) * TinyCheckpoint.width * 4
        // The table is the first tensor, so all others move.
        for (key, value) in header {
            guard var entry = value as? [String: Any], let offsets = entry["data_offsets"] as? [Int], key != name else {
                continue
            }
            entry["data_offsets"] = offsets.map { $0 + more }
            header[key] = entry
        }
        tensor["shape"] = [rows, TinyCheckpoint.width]
        tensor["data_offsets"] = [0, size + more]
        header[name] = tensor
        let json = try JSONSerialization.data(withJSONObject: header)
        let start = withUnsafeBytes(of: UInt64(json.count)) { Data($0) } + json
        try (start + data.prefix(size) + Data(count: more) + data.dropFirst(size)).write(to: file)
    }

    @Test func aTokenMayBeLongerThanAStackIsDeep() throws {
        let long = String(repeating: "a", count: 80_000)
        try pack([long, long + "b"]) { file in
            let nodes = try #require(file.tensor(named: TokenizerSchema.trie)).shape[0]
            #expect(nodes > 80_000)
            try file.verify(hash: sha256)
        }
    }

    @Test func aCharacterInTwoNormalFormsMakesTwoTokens() throws {
        try pack(["\u{E9}", "e\u{301}", "##\u{E9}", "##e\u{301}"], special: ["[\u{E9}]", "[e\u{301}]"]) { file in
            let schema = try TokenizerSchema(file.metadata)
            #expect(schema.vocabulary == TinyCheckpoint.vocabulary.count + 6)
            #expect(schema.specials.suffix(2).map { $0.text.unicodeScalars.count } == [3, 4])
        }
    }

    @Test func moreSpecialTokensThanAFileCanHoldAreRefused() throws {
        let limit = ModelFile.maximumElements
        let tokens = (0...limit - TinyCheckpoint.specials.count).map { "[S\($0)]" }
        let error = #expect(throws: PackagingError.self) { try pack([], special: tokens) { _ in } }
        #expect(
            error?.description.contains("the number of special tokens is 65537, which Pinson cannot pack") == true)
    }

    @Test func moreLabelsThanAFileCanHoldAreRefused() throws {
        try Workplace.withFolder { folder in
            let labels = Dictionary(uniqueKeysWithValues: (0...ModelFile.maximumElements).map { ("\($0)", "L\($0)") })
            let checkpoint = try TinyCheckpoint(in: folder) { $0["id2label"] = labels }
            let error = #expect(throws: PackagingError.self) {
                try Packer.pack(checkpoint.folder.path, into: folder.appendingPathComponent("m").path)
            }
            #expect(error?.description.contains("the number of labels is 65537") == true)
        }
    }

    @Test(arguments: [1, 2, 5])
    func aModelMayHaveAnyNumberOfSegments(count: Int) throws {
        try Workplace.withFolder { folder in
            let checkpoint = try TinyCheckpoint(in: folder, segments: count)
            let output = folder.appendingPathComponent("m.gguf").path
            _ = try Packer.pack(checkpoint.folder.path, into: output, .init(maxTokens: 32, precision: .float32))
            let positions = try #require(ModelFile(path: output).tensor(named: "embeddings.position.weight"))
            let weights = TinyCheckpoint.values(.bert, segments: count)
            let (position, segment) = (
                try #require(weights["bert.embeddings.position_embeddings.weight"]),
                try #require(weights["bert.embeddings.token_type_embeddings.weight"])
            )
            #expect(positions.elements(as: Float.self)[7] == position[7] + segment[7])
        }
    }
}
