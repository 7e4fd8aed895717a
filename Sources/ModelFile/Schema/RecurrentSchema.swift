/// The keys and tensors of a recurrent model: vectors of words, layers of long short-term memory (LSTM), and a head.
///
/// Row 0 of the vectors is read as padding, and row 1 for words that are not known. The rows of the known words follow in
/// the order of the table. The gates of a cell are in the order input, forget, candidate, output.
public struct RecurrentSchema: Sendable, Equatable {
    /// The name of the family in a model file.
    public static let family = "recurrent"
    /// The number of rows before those of known words.
    public static let firstWord = 2

    /// How a text is read.
    public var reading: RecurrentReading
    /// The sizes.
    public var sizes: RecurrentSizes
    /// The table of the known words.
    public var table: NgramTableSchema
    /// The number of values of a vector.
    public var width: Int
    /// The number of outputs: one for two labels, otherwise one for each label.
    public var outputs: Int
    /// The precision of vectors and cells.
    public var precision: Precision

    /// Creates a schema.
    ///
    /// - Parameters:
    ///   - reading: How a text is read.
    ///   - sizes: The sizes.
    ///   - words: The number of known words, at least 1.
    ///   - width: The number of values of a vector.
    ///   - outputs: The number of outputs.
    ///   - precision: The precision of vectors and cells. With 32 bits, words are found by their whole hashes.
    public init(
        _ reading: RecurrentReading, _ sizes: RecurrentSizes, words: Int, width: Int, outputs: Int, precision: Precision
    ) {
        (self.reading, self.sizes, self.width, self.outputs) = (reading, sizes, width, outputs)
        self.precision = precision
        table = NgramTableSchema("word", features: words, fingerprintBytes: precision == .float32 ? 8 : 2)
    }

    /// Whether vectors and cells are integers.
    public var isQuantized: Bool { precision != .float32 }

    /// The number of vectors.
    public var rows: Int { Self.firstWord + table.features }

    /// The vectors, (rows, width): floats, or integers of 8 bits.
    public var vectors: TensorSchema { TensorSchema("word.weight", isQuantized ? .int8 : .float32, [rows, width]) }

    /// The factor of each vector, (rows); only with integers.
    public var vectorScale: TensorSchema { TensorSchema("word.scale", .float32, [rows]) }

    /// The tensors of a layer in one direction.
    public struct Cell: Sendable, Equatable {
        /// The layer of the inputs, with the biases of the gates, (4 · units, inputs).
        public var input: LinearSchema
        /// The layer of the units one step before, (4 · units, units).
        ///
        /// It has no biases.
        public var recurrent: LinearSchema

        /// All tensors, in file order.
        public var tensors: [TensorSchema] { input.tensors + recurrent.tensors.filter { $0 != recurrent.bias } }
    }

    /// The tensors of a layer in one direction, which is 0 for forwards and 1 for backwards.
    public func cell(_ layer: Int, _ direction: Int) -> Cell {
        let name = "layer.\(layer).\(direction == 0 ? "forward" : "backward")"
        let inputs = layer == 0 ? width : sizes.outputs
        return Cell(
            input: LinearSchema("\(name).input", inputs: inputs, outputs: 4 * sizes.units, precision: precision),
            recurrent: LinearSchema(
                "\(name).recurrent", inputs: sizes.units, outputs: 4 * sizes.units, precision: precision))
    }

    /// The cells, (layers, directions).
    public var cells: [[Cell]] {
        (0..<sizes.layers).map { layer in (0..<sizes.directions).map { cell(layer, $0) } }
    }

    /// The hidden layers and the head, which are floats.
    public var dense: [LinearSchema] {
        var (layers, inputs): ([LinearSchema], Int) = ([], sizes.outputs)
        for (index, hidden) in sizes.hidden.enumerated() {
            layers.append(LinearSchema("hidden.\(index)", inputs: inputs, outputs: hidden.width, precision: .float32))
            inputs = hidden.width
        }
        return layers + [LinearSchema("head", inputs: inputs, outputs: outputs, precision: .float32)]
    }

    /// All tensors, in file order.
    public var tensors: [TensorSchema] {
        table.tensors + [vectors] + (isQuantized ? [vectorScale] : [])
            + cells.joined().flatMap(\.tensors) + dense.flatMap(\.tensors)
    }
}

extension RecurrentSchema {
    /// Reads the schema of a model file.
    ///
    /// - Parameters:
    ///   - file: The file.
    ///   - card: The file's card.
    /// - Throws: `ModelFileError` if a key or a tensor is missing or not valid.
    public init(_ file: ModelFile, _ card: ModelCard) throws(ModelFileError) {
        reading = try RecurrentReading(file.metadata)
        sizes = try RecurrentSizes(file)
        precision = try Precision(file)
        table = try NgramTableSchema("word", in: file)
        outputs = card.labels.count == 2 ? 1 : card.labels.count
        let vectors = "word.weight"
        guard let shape = file.tensor(named: vectors)?.shape else {
            throw .missingTensor(path: file.path, name: vectors)
        }
        guard shape.count == 2, RecurrentSizes.widths.contains(shape[1]) else {
            throw .invalid(
                path: file.path, reason: "the shape of '\(vectors)' is \(shape), expected rows of 1 to 4096 numbers")
        }
        width = shape[1]
    }

    /// The keys of the family as metadata.
    public var entries: [MetadataEntry] { reading.entries + sizes.entries + precision.entries }
}
