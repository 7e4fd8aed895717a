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
