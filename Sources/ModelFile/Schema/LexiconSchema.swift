/// The tensors of a lexicon: a valence of each word for each output, and the layer that turns compounds into logits.
public struct LexiconSchema: Sendable, Equatable {
    /// The name of the family in a model file.
    public static let family = "lexicon"

    /// The table of the words.
    public var table: NgramTableSchema
    /// The number of outputs: one for two labels, otherwise one for each label.
    public var outputs: Int

    /// Creates a schema.
    ///
    /// - Parameters:
    ///   - words: The number of words.
    ///   - outputs: The number of outputs.
    public init(words: Int, outputs: Int) {
        table = NgramTableSchema("word", features: words)
        self.outputs = outputs
    }

    /// Reads the schema of a model file.
    ///
    /// - Parameters:
    ///   - file: The file.
    ///   - card: The file's card.
    /// - Throws: `ModelFileError` if a tensor is missing or not valid.
    public init(_ file: ModelFile, _ card: ModelCard) throws(ModelFileError) {
        table = try NgramTableSchema("word", in: file)
        outputs = card.labels.count == 2 ? 1 : card.labels.count
    }

    /// The valence of each word for each output as an integer, (words, outputs).
    public var valence: TensorSchema { TensorSchema("word.valence", .int8, [table.features, outputs]) }

    /// The factor of the valences of each output, (outputs).
    public var scale: TensorSchema { TensorSchema("word.scale", .float32, [outputs]) }

    /// The weight of the compound of each output for each logit, (outputs, outputs).
    public var weight: TensorSchema { TensorSchema("compound.weight", .float32, [outputs, outputs]) }

    /// The bias of each output, (outputs).
    public var bias: TensorSchema { TensorSchema("compound.bias", .float32, [outputs]) }

    /// All tensors, in file order.
    public var tensors: [TensorSchema] { table.tensors + [valence, scale, weight, bias] }
}
