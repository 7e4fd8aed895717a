import Fixtures
import Foundation
import ModelFile
import Testing

@testable import Packaging

/// What sets the architectures apart.
@Suite struct ArchitectureTraitTests {
    private func pack(
        _ architecture: TinyCheckpoint.Architecture, _ options: Packer.Options = .init(maxTokens: 32),
        name: String = "tiny", readme: String? = nil, edit: (inout [String: Any]) -> Void = { _ in }
    ) throws -> ModelFile {
        try Workplace.withFolder { folder in
            let checkpoint = try TinyCheckpoint(architecture, in: folder.appendingPathComponent(name), edit: edit)
            if let readme { try Data(readme.utf8).write(to: checkpoint.folder.appendingPathComponent("README.md")) }
            let output = folder.appendingPathComponent("m.gguf").path
            _ = try Packer.pack(checkpoint.folder.path, into: output, options)
            return try ModelFile(path: output)
        }
    }

    @Test("The first token of a RoBERTa has the position after that of padding")
    func positions() throws {
        let file = try pack(.roberta, .init(maxTokens: 64, precision: .float32))
        let found = try #require(file.tensor(named: "embeddings.position.weight"))
        let weights = TinyCheckpoint.values(.roberta)
        let positions = try #require(weights["roberta.embeddings.position_embeddings.weight"])
        let segments = try #require(weights["roberta.embeddings.token_type_embeddings.weight"])
        let width = TinyCheckpoint.width
        let expected = (0..<64 * width).map { positions[2 * width + $0] + segments[$0 % width] }
        #expect(Array(found.elements(as: Float.self)) == expected)
    }

    @Test("A RoBERTa has no more tokens than positions after padding", arguments: [(65, "64 positions"), (64, nil)])
    func mostTokens(maxTokens: Int, message: String?) throws {
        let result = Result { try pack(.roberta, .init(maxTokens: maxTokens)) }
        switch (result, message) {
        case (.success, nil): break
        case (.failure(let error), let message?): #expect("\(error)".contains(message))
        default: Issue.record("\(result)")
        }
    }

    @Test("The id of padding must be a position", arguments: [-1, 66, 1 << 40])
    func padding(id: Int) {
        let error = #expect(throws: PackagingError.self) { try pack(.roberta) { $0["pad_token_id"] = id } }
        #expect(error?.description.contains("\"pad_token_id\" is \(id), which Pinson cannot pack") == true)
    }

    @Test("Distances share rows as in the reference")
    func distanceBuckets() {
        // Where the row changes, from 511 tokens before a query to 511 after it, as `MPNetEncoder` computes it.
        let before = [
            (-511, 15), (-90, 14), (-63, 13), (-45, 12), (-31, 11), (-22, 10), (-15, 9), (-11, 8), (-7, 7), (-6, 6),
            (-5, 5), (-4, 4), (-3, 3), (-2, 2), (-1, 1), (0, 0),
        ]
        let after = [
            (1, 17), (2, 18), (3, 19), (4, 20), (5, 21), (6, 22), (7, 23), (8, 24), (12, 25), (16, 26), (23, 27),
            (32, 28), (46, 29), (64, 30), (91, 31),
        ]
        var (changes, last): ([[Int]], Int?) = ([], nil)
        for distance in -511...511 {
            let bucket = DistanceBuckets.bucket(of: distance)
            if bucket != last { changes.append([distance, bucket]) }
            last = bucket
        }
        #expect(changes == (before + after).map { [$0.0, $0.1] })
        let spread = DistanceBuckets.spread((0..<64).map(Float.init), heads: 2, maxTokens: 3)
        #expect(spread == [4, 2, 0, 34, 36, 5, 3, 1, 35, 37])
    }

    @Test("Layers of an ALBERT that share their weights are in the file once")
    func sharedLayers() throws {
        let file = try pack(.albert)
        let schema = try TransformerSchema(file, ModelCard(file))
        #expect(schema.layers == 2 && schema.layer(0) == schema.layer(1))
        #expect(file.tensors.filter { $0.name.hasPrefix("layer.") }.allSatisfy { $0.name.hasPrefix("layer.0.") })
        for key in ["num_hidden_groups", "inner_group_num"] {
            let error = #expect(throws: PackagingError.self) { try pack(.albert) { $0[key] = 2 } }
            #expect(error?.description.contains("\"\(key)\" is '2', which Pinson cannot pack. Supported: 1") == true)
        }
    }

    @Test("Embeddings of an ELECTRA may have the width of hidden states or their own")
    func embeddingWidth() throws {
        let file = try pack(.electra)
        #expect(file.tensor(named: "embeddings.token.weight")?.shape.last == TinyCheckpoint.embeddingWidth)
        let error = #expect(throws: PackagingError.self) { try pack(.electra) { $0["embedding_size"] = nil } }
        #expect(error?.description.contains("electra.embeddings.word_embeddings.weight") == true)
        let none = #expect(throws: PackagingError.self) { try pack(.electra) { $0["embedding_size"] = 0 } }
        #expect(none?.description.contains("the width of the embeddings is 0, which Pinson cannot pack") == true)
        let buckets = #expect(throws: PackagingError.self) {
            try pack(.mpnet) { $0["relative_attention_num_buckets"] = 16 }
        }
        #expect(buckets?.description.contains("Supported: 32") == true)
    }

    @Test(
        "The functions of feed-forward networks have several names",
        arguments: [
            ("gelu", .gelu), ("gelu_new", .geluTanh), ("gelu_pytorch_tanh", .geluTanh), ("gelu_fast", .geluTanh),
            ("relu", TransformerVariant.Activation.relu),
        ])
    func activations(name: String, expected: TransformerVariant.Activation) throws {
        let file = try pack(.bert) { $0["hidden_act"] = name }
        #expect(try TransformerSchema(file, ModelCard(file)).variant.activation == expected)
        #expect((file.metadata["pinson.transformer.activation"] == nil) == (name == "gelu"))
    }

    @Test("A tokenizer of MPNet puts its own tokens around a text")
    func ends() throws {
        let words = ["<s>", "<pad>", "</s>", "[PAD]", "[UNK]", "[CLS]", "[SEP]", "flight", "<mask>"]
        try Workplace.withFolder { folder in
            try Data(words.joined(separator: "\n").utf8).write(to: folder.appendingPathComponent("vocab.txt"))
            let schema = try TokenizerFiles.read(folder: folder.path).schema
            #expect(schema.start == "<s>" && schema.end == "</s>" && schema.unknown == "[UNK]")
        }
        for (kind, expected) in [("[CLS]", "[CLS]"), ("[MASK]", "[MASK]")] {
            let file = try Workplace.withFolder { folder in
                let checkpoint = try TinyCheckpoint(.mpnet, in: folder)
                let url = checkpoint.folder.appendingPathComponent("tokenizer.json")
                var json = try JSONSerialization.jsonObject(with: Data(contentsOf: url)) as? [String: Any] ?? [:]
                json["post_processor"] = ["type": "RobertaProcessing", "cls": [kind, 2], "sep": ["[SEP]", 3]]
                try JSONSerialization.data(withJSONObject: json).write(to: url)
                return try TokenizerFiles.read(folder: folder.path).schema
            }
            #expect(file.start == expected && file.end == "[SEP]")
        }
    }

    @Test("XLM-R is packed like RoBERTa")
    func xlmRoberta() throws {
        let file = try pack(.roberta) { $0["architectures"] = ["XLMRobertaForSequenceClassification"] }
        #expect(try TransformerSchema(file, ModelCard(file)) == TransformerSchema(pack(.roberta), ModelCard(file)))
    }

    @Test("With several right labels, each label has a probability of its own")
    func multiLabel() throws {
        let file = try pack(.bert) { $0["problem_type"] = "multi_label_classification" }
        #expect(try ModelCard(file).decision.activation == .sigmoid)
        #expect(try ModelCard(pack(.bert)).decision.activation == .softmax)
    }

    @Test("The pipeline of the Cardiff models is chosen by the name, by the card, or by the user")
    func cardiff() throws {
        func steps(_ file: ModelFile) throws -> [String] { try ModelCard(file).preprocessing }
        let name = "twitter-roberta-base-sentiment-latest"
        let card = "t = '@user' if t.startswith('@') and len(t) > 1 else t"
        #expect(try steps(pack(.roberta)) == [])
        #expect(try steps(pack(.roberta, name: name)) == ["placeholders"])
        #expect(try steps(pack(.roberta) { $0["_name_or_path"] = "cardiffnlp/\(name)" }) == ["placeholders"])
        #expect(try steps(pack(.roberta, readme: "---\nlicense: mit\n---\n\(card)\n")) == ["placeholders"])
        var options = Packer.Options(maxTokens: 32)
        options.preprocessing = "none"
        #expect(try steps(pack(.roberta, options, name: name)) == [])
        options.preprocessing = "cardiff"
        #expect(try steps(pack(.bert, options)) == ["placeholders"])
        options.preprocessing = "cardif"
        let error = #expect(throws: (any Error).self) { try pack(.bert, options) }
        #expect(error.map { "\($0)".contains("There is no text preset 'cardif'") } == true)
    }
}
