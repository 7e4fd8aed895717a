public import ModelFile

/// Turns a recurrent model into a model file.
public struct RecurrentPacker: Sendable {
    /// The weights of a layer of long short-term memory in one direction.
    ///
    /// The gates are in the order input, forget, candidate, output.
    public struct Cell: Sendable {
        /// The weights of the inputs, (4 · units, inputs).
        public var input: [Float]
        /// The weights of the units one step before, (4 · units, units).
        public var recurrent: [Float]
        /// The biases, (4 · units).
        public var bias: [Float]

        /// Creates a cell.
        public init(input: [Float], recurrent: [Float], bias: [Float]) {
            (self.input, self.recurrent, self.bias) = (input, recurrent, bias)
        }
    }

    /// A linear layer.
    public struct Dense: Sendable {
        /// The weights, (outputs, inputs).
        public var weight: [Float]
        /// The biases, (outputs).
        public var bias: [Float]

        /// Creates a layer.
        public init(weight: [Float], bias: [Float]) { (self.weight, self.bias) = (weight, bias) }

        /// The layer for the logit of the second of two labels instead of one for each label.
        ///
        /// A softmax of two logits is a sigmoid of their difference.
        func difference() -> Dense {
            let inputs = weight.count / 2
            return Dense(
                weight: (0..<inputs).map { weight[inputs + $0] - weight[$0] }, bias: [bias[1] - bias[0]])
        }
    }

    /// How a text is read.
    public var reading: RecurrentReading
    /// The sizes.
    public var sizes: RecurrentSizes
    /// The hash of each known word, in ascending order.
    public var hashes: [UInt64]
    /// The vectors of padding, of words that are not known, and of the known words, (2 + words, width).
    public var vectors: [Float]
    /// The cells, (layers, directions).
    public var cells: [[Cell]]
    /// The hidden layers and the head.
    ///
    /// A head with two outputs becomes one with their difference.
    public var dense: [Dense]
    /// The precision of vectors and cells.
    public var precision = Precision.int8

    /// Creates a packer.
    public init(
        _ reading: RecurrentReading, _ sizes: RecurrentSizes, hashes: [UInt64], vectors: [Float], cells: [[Cell]],
        dense: [Dense]
    ) {
        (self.reading, self.sizes, self.hashes, self.vectors) = (reading, sizes, hashes, vectors)
        (self.cells, self.dense) = (cells, dense)
        if let head = dense.last, head.bias.count == 2 { self.dense[dense.count - 1] = head.difference() }
    }

    /// The number of weights.
    var parameters: Int {
        let cells = cells.joined().reduce(0) { $0 + $1.input.count + $1.recurrent.count + $1.bias.count }
        return vectors.count + cells + dense.reduce(0) { $0 + $1.weight.count + $1.bias.count }
    }

    /// The number of words that a look-up takes for another one, because they share a bucket and two bytes.
    var sharedFingerprints: Int { NgramTableSchema("", features: max(1, hashes.count)).sharedFingerprints(hashes) }

    /// The keys and tensors of the model.
    ///
    /// - Returns: What is written to a file.
    public func packed() -> PackedFamily {
        let width = vectors.count / (RecurrentSchema.firstWord + hashes.count)
        let schema = RecurrentSchema(
            reading, sizes, words: max(1, hashes.count), width: width, outputs: dense.last?.bias.count ?? 1,
            precision: precision)
        // The table of a model without words has one row that nothing finds.
        let rows = vectors + [Float](repeating: 0, count: schema.rows * width - vectors.count)
        var tensors = schema.table.newTensors(hashes)
        if schema.isQuantized {
            let quantized = QuantizedRows(rows, rows: schema.rows, columns: width)
            tensors.append(.init(schema.vectors) { littleEndianBytes(quantized.values) })
            tensors.append(.init(schema.vectorScale) { littleEndianBytes(quantized.scales) })
        } else {
            tensors.append(.init(schema.vectors) { littleEndianBytes(rows) })
        }
        for (cell, weights) in zip(schema.cells.joined(), cells.joined()) {
            tensors += Self.matrix(cell.input, weights.input)
            let bias = weights.bias + [Float](repeating: 0, count: cell.input.rows - weights.bias.count)
            tensors.append(.init(cell.input.bias) { littleEndianBytes(bias) })
            tensors += Self.matrix(cell.recurrent, weights.recurrent)
        }
        for (layer, weights) in zip(schema.dense, dense) {
            tensors.append(.init(layer.weight) { littleEndianBytes(weights.weight) })
            tensors.append(.init(layer.bias) { littleEndianBytes(weights.bias) })
        }
        return PackedFamily(name: RecurrentSchema.family, entries: schema.entries, tensors: tensors)
    }

    /// The tensors of a matrix, without its biases.
    private static func matrix(_ schema: LinearSchema, _ weights: [Float]) -> [ModelFile.NewTensor] {
        guard schema.isQuantized else { return [.init(schema.weight) { littleEndianBytes(weights) }] }
        let packed = QuantizedRows(
            weights, rows: schema.outputs, columns: schema.inputs, precision: schema.precision
        ).packed()
        let padding = [Float](repeating: 0, count: schema.rows - schema.outputs)
        return [
            .init(schema.weight) { littleEndianBytes(packed.data) },
            .init(schema.scale) { littleEndianBytes(packed.scales + padding) },
            .init(schema.sum) { littleEndianBytes(packed.sums) },
        ]
    }
}
