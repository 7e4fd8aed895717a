public import ModelFile

/// Turns a bag of vectors into a model file.
public struct VectorsPacker {
    /// The vectors of a block of n-grams.
    public struct Block: Sendable {
        /// The kind of the n-grams, such as `token:1-3`.
        public var name: String
        /// The hash of each n-gram, in ascending order.
        public var hashes: [UInt64]
        /// The vectors, (n-grams, width).
        public var values: [Float]

        /// Creates a block.
        ///
        /// - Parameters:
        ///   - name: The kind of the n-grams, such as `token:1-3`.
        ///   - hashes: The hash of each n-gram, in ascending order.
        ///   - values: The vectors, (n-grams, width).
        public init(name: String, hashes: [UInt64], values: [Float]) {
            (self.name, self.hashes, self.values) = (name, hashes, values)
        }
    }

    private let blocks: [Block]
    private let width: Int
    private let weights: [Float]
    private let bias: [Float]
    private let norm: VectorsSchema.Norm

    /// Creates a packer.
    ///
    /// - Parameters:
    ///   - blocks: The vectors of each block of n-grams.
    ///   - width: The number of numbers of a vector.
    ///   - weights: The weights of the layer that reads the mean of the vectors, (outputs, width).
    ///   - bias: The number that is added to each output.
    ///   - norm: What is done with the mean before the layer reads it.
    public init(
        _ blocks: [Block], width: Int, weights: [Float], bias: [Float], norm: VectorsSchema.Norm = .none
    ) {
        precondition(weights.count == bias.count * width)
        (self.blocks, self.width, self.weights, self.bias, self.norm) = (blocks, width, weights, bias, norm)
    }

    /// Whether the layer is multiplied into the vectors, which then have one number for each output.
    ///
    /// The mean of products is the product of the mean, so the answers are the same. The file is smaller, and fewer
    /// numbers are rounded.
    public var isFolded: Bool { norm == .none && bias.count <= width }

    /// The keys and tensors of the model.
    ///
    /// - Returns: What is written to a file.
    public func packed() -> PackedFamily {
        let outputs = bias.count
        let schema = VectorsSchema(
            blocks: blocks.map(\.name), rows: blocks.map { max(1, $0.hashes.count) },
            width: isFolded ? outputs : width, norm: norm, outputs: outputs, scaling: isFolded ? .table : .row)
        var tensors: [ModelFile.NewTensor] = []
        for (block, table) in zip(blocks, schema.tables) {
            tensors += table.newTensors(block.hashes, isFolded ? folded(block.values) : block.values)
        }
        let identity = (0..<outputs * outputs).map { Float($0 % outputs == $0 / outputs ? 1 : 0) }
        return PackedFamily(
            name: VectorsSchema.family, entries: schema.entries,
            tensors: tensors + [
                .init(schema.weight) { littleEndianBytes(isFolded ? identity : weights) },
                .init(schema.bias) { littleEndianBytes(bias) },
            ])
    }

    /// The products of the vectors and the weights, (n-grams, outputs).
    private func folded(_ values: [Float]) -> [Float] {
        values.withUnsafeBufferPointer { values in
            weights.withUnsafeBufferPointer { weights in
                (0..<values.count / width * bias.count).map { place in
                    let (row, output) = (place / bias.count * width, place % bias.count * width)
                    var sum: Float = 0
                    for index in 0..<width { sum += values[row + index] * weights[output + index] }
                    return sum
                }
            }
        }
    }
}
