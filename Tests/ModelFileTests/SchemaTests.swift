import Fixtures
import Foundation
import Testing

@testable import ModelFile

/// Each type of the schema reads the metadata that it writes.
@Suite struct SchemaTests {
    /// Writes a file with this metadata and opens it again.
    private func reopened(_ entries: [MetadataEntry], _ tensors: [TensorSchema] = []) throws -> ModelFile {
        try Workplace.withFolder { folder in
            let path = folder.appendingPathComponent("m.gguf").path
            try ModelFile.write(
                to: path, metadata: entries,
                tensors: tensors.map { tensor in .init(tensor) { [UInt8](repeating: 0, count: tensor.byteCount) } }
            ) { _ in String(repeating: "0", count: 64) }
            return try ModelFile(path: path)
        }
    }

    private func transformer(
        _ precision: Precision, head: TransformerSchema.Head, labels: Int
    ) -> TransformerSchema {
        TransformerSchema(
            vocabulary: 75, width: 40, layers: 2, heads: 4, inner: 72, epsilon: 1e-12, pooling: .first, head: head,
            precision: precision, maxTokens: 32, labels: labels)
    }

    private let card = ModelCard(
        name: "tiny", family: TransformerSchema.family, labels: ["a", "b", "c"], maxTokens: 32,
        decision: Decision(activation: .sigmoid, temperature: 1.5, threshold: 0.25))

    @Test func aCardReadsWhatItWrites() throws {
        #expect(try ModelCard(reopened(card.entries)) == card)
    }

    @Test(arguments: [Decision(), Decision(activation: .sigmoid, temperature: 0.5, threshold: 1)])
    func aDecisionReadsWhatItWrites(decision: Decision) throws {
        #expect(try Decision(reopened(decision.entries).metadata) == decision)
    }

    @Test(arguments: Precision.allCases)
    func aPrecisionReadsWhatItWrites(precision: Precision) throws {
        #expect(try Precision(reopened(precision.entries)) == precision)
    }

    @Test(arguments: [
        TokenizerSchema(
            .wordPiece(.init(cleansText: true, splitsIdeographs: false, stripsAccents: true, lowercases: false)),
            vocabulary: 7, unknown: "[UNK]", start: "[CLS]", end: "[SEP]", specials: [.init("[PAD]"), .init("[CLS]")]),
        TokenizerSchema(
            .byteLevelBPE(addsPrefixSpace: true), vocabulary: 300, unknown: "<unk>", start: "<s>", end: "</s>",
            specials: [.init("<s>", id: 0), .init("<mask>", id: 299, takesSpaceBefore: true)]),
        TokenizerSchema(
            .unigram(.init(words: .spaces, lowestScore: -12.5)), vocabulary: 9, unknown: "<unk>", start: "<s>",
            end: "</s>", specials: []),
    ])
    func aTokenizerReadsWhatItWrites(schema: TokenizerSchema) throws {
        #expect(try TokenizerSchema(reopened(schema.entries).metadata) == schema)
    }

    @Test func aSpecialTokenOutsideTheVocabularyIsNamed() throws {
        let schema = TokenizerSchema(
            .byteLevelBPE(addsPrefixSpace: true), vocabulary: 300, unknown: "<unk>", start: "<s>", end: "</s>",
            specials: [.init("<s>", id: 300)])
        let error = #expect(throws: ModelFileError.self) { try TokenizerSchema(reopened(schema.entries).metadata) }
        #expect(error?.description.contains("the ids [300], expected one below 300 for each") == true)
    }

    @Test(arguments: Precision.allCases, TransformerSchema.Head.allCases)
    func aTransformerReadsWhatItWrites(precision: Precision, head: TransformerSchema.Head) throws {
        var card = card
        if head == .none { card.labels = [] }
        let schema = transformer(precision, head: head, labels: card.labels.count)
        let file = try reopened(card.entries + schema.entries, schema.tensors)
        let found = try TransformerSchema(file, ModelCard(file))
        #expect(found == schema)
        #expect(file.tensors.map(\.name) == found.tensors.map(\.name))
        for tensor in found.tensors { _ = try file.tensor(tensor) }
    }

    @Test(arguments: TransformerVariant.Activation.allCases)
    func aVariantReadsWhatItWrites(activation: TransformerVariant.Activation) throws {
        var schema = transformer(.int8, head: .gelu, labels: card.labels.count)
        (schema.variant.activation, schema.variant.sharesLayers) = (activation, true)
        (schema.variant.embeddingWidth, schema.variant.hasDistanceBiases) = (24, true)
        let file = try reopened(card.entries + schema.entries, schema.tensors)
        #expect(try TransformerSchema(file, ModelCard(file)) == schema)
        #expect(file.tensor(named: "embeddings.position.weight")?.shape == [32, 24])
        #expect(file.tensor(named: "attention.bias")?.shape == [4, 63])
        #expect(file.tensors.contains { $0.name == "layer.0.attention.query.weight" })
        #expect(!file.tensors.contains { $0.name.hasPrefix("layer.1.") })
    }

    @Test func quantizedTensorsArePadded() {
        let four = LinearSchema("x", inputs: 20, outputs: 17, precision: .int4)
        #expect(four.weight == TensorSchema("x.weight", .int8, [2, 192]))  // 24 inputs, 8 in each 64 bytes.
        #expect(four.scale == TensorSchema("x.scale", .float32, [32]))
        let eight = LinearSchema("x", inputs: 20, outputs: 17, precision: .int8)
        #expect(eight.weight == TensorSchema("x.weight", .int8, [2, 320]))  // 20 inputs, 4 in each 64 bytes.
        #expect(eight.tensors.map(\.name) == ["x.weight", "x.scale", "x.sum", "x.bias"])
        let exact = LinearSchema("x", inputs: 20, outputs: 17, precision: .float32)
        #expect(
            exact.tensors == [TensorSchema("x.weight", .float32, [17, 20]), TensorSchema("x.bias", .float32, [17])])
    }

    @Test func bitsAndPackingMustBelongTogether() throws {
        let entries: [MetadataEntry] = [("pinson.bits", .uint32(4)), ("pinson.packing", .string("n16k4"))]
        let error = #expect(throws: ModelFileError.self) { try Precision(reopened(entries)) }
        #expect(error?.description.contains("'pinson.packing' is 'n16k4', expected 'n16k8' for 4 bits") == true)
    }

    @Test(arguments: [
        ("pinson.transformer.heads", MetadataValue.uint32(7), "its width 40 is not a multiple of its 7 heads"),
        ("pinson.transformer.layers", .uint32(1000), "'pinson.transformer.layers' is 1000, expected 1 to 256"),
        ("pinson.transformer.epsilon", .float32(.nan), "'pinson.transformer.epsilon' is nan, expected 0.0 to"),
        (
            "pinson.transformer.pooling", .string("max"),
            "'pinson.transformer.pooling' is 'max', expected one of 'first', 'mean'"
        ),
        ("pinson.transformer.head", .string("none"), "its head is 'none', but it has 3 labels"),
        ("pinson.decision.temperature", .float32(0), "'pinson.decision.temperature' is 0.0, expected"),
        ("pinson.labels", .array([.string("a"), .string("a")]), "expected distinct names, at least two"),
    ])
    func aValueThatIsNotValidIsNamed(key: String, value: MetadataValue, message: String) throws {
        let schema = transformer(.int8, head: .tanh, labels: 3)
        let entries = (card.entries + schema.entries).map { $0.key == key ? (key: key, value: value) : $0 }
        let error = #expect(throws: ModelFileError.self) {
            let file = try reopened(entries)
            _ = try TransformerSchema(file, ModelCard(file))
        }
        #expect(error?.description.contains(message) == true, "\(error?.description ?? "")")
    }
}
