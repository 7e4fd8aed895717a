/// The keys and tensors of a bag of vectors: a text is the mean of the vectors of its words and n-grams.
///
/// A linear layer turns the mean into logits. The layer can also be multiplied into the rows when the model is packed:
/// then a row has one number for each output, and the layer is the identity.
public struct VectorsSchema: Sendable, Equatable {
    /// The name of the family in a model file.
    public static let family = "vectors"

    /// What is done with the mean before the layer reads it.
    public enum Norm: String, Sendable, CaseIterable {
        /// Nothing.
        case none
        /// It is divided by its length.
        case euclidean
    }

    /// The blocks of n-grams that have vectors, such as `token:1-3` or `token:1-3:hash=18`.
    public var blocks: [String]
    /// The vectors of each block, which all have the same width.
    public var tables: [EmbeddingTableSchema]
    /// What is done with the mean before the layer reads it.
    public var norm: Norm
    /// The number of outputs: one for two labels, otherwise one for each label.
    public var outputs: Int

    /// Creates a schema.
    ///
    /// - Parameters:
    ///   - blocks: The blocks of n-grams, at least one.
    ///   - rows: The number of vectors of each block.
    ///   - width: The number of numbers of a vector.
    ///   - norm: What is done with the mean before the layer reads it.
    ///   - outputs: The number of outputs.
    ///   - scaling: Which vectors a factor belongs to.
    public init(
        blocks: [String], rows: [Int], width: Int, norm: Norm = .none, outputs: Int,
        scaling: EmbeddingTableSchema.Scaling = .row
    ) {
        self.blocks = blocks
        self.norm = norm
        self.outputs = outputs
        tables = blocks.indices.map { block in
            let bits = NgramTableSchema.hashBits(of: blocks[block])
            return EmbeddingTableSchema(
                NgramTableSchema(Self.name(block), features: rows[block], hashBits: bits), width: width,
                scaling: scaling)
        }
    }

    private static func name(_ block: Int) -> String { "vectors.\(block)" }

    /// The number of numbers of a vector.
    public var width: Int { tables[0].width }

    /// The weights of the layer, (outputs, width).
    public var weight: TensorSchema { TensorSchema("head.weight", .float32, [outputs, width]) }

    /// The number that is added to each output, (outputs).
    public var bias: TensorSchema { TensorSchema("head.bias", .float32, [outputs]) }

    /// All tensors, in file order.
    public var tensors: [TensorSchema] { tables.flatMap(\.tensors) + [weight, bias] }
}

extension VectorsSchema {
    private enum Keys {
        static let blocks = MetadataKey.strings("pinson.vectors.blocks")
        static let norm = MetadataKey<Norm>.choice("pinson.vectors.norm")
    }

    /// Reads the schema of a model file.
    ///
    /// - Parameters:
    ///   - file: The file.
    ///   - card: The file's card.
    /// - Throws: `ModelFileError` if a key or a tensor is missing or not valid.
    public init(_ file: ModelFile, _ card: ModelCard) throws(ModelFileError) {
        blocks = try Keys.blocks.value(in: file.metadata)
        norm = try Keys.norm.value(in: file.metadata)
        outputs = card.labels.count == 2 ? 1 : card.labels.count
        tables = []
        for (block, text) in blocks.enumerated() {
            let bits = NgramTableSchema.hashBits(of: text)
            guard bits.map({ 1...32 ~= $0 }) ?? true else {
                throw .invalid(path: file.path, reason: "its n-grams '\(text)' have an invalid number of bits")
            }
            tables.append(try EmbeddingTableSchema(Self.name(block), in: file, hashBits: bits))
        }
        guard let width = tables.first?.width, tables.allSatisfy({ $0.width == width }) else {
            throw .invalid(path: file.path, reason: "it has no vectors, or vectors of different widths")
        }
    }

    /// The keys of the family as metadata.
    public var entries: [MetadataEntry] { [Keys.blocks.entry(blocks), Keys.norm.entry(norm)] }
}
