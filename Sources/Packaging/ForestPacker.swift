import ModelFile

/// Turns a forest of decision trees over n-grams into a model file.
public struct ForestPacker {
    /// A decision tree; see ``ForestSchema`` for the order of its nodes.
    public struct Tree {
        /// The feature that each node asks for, or -1 for a leaf.
        public var features: [Int32]
        /// For each node, the distance to the node where texts with the feature go on; 0 for a leaf.
        public var jumps: [Int32]
        /// The share of each class at each node, (nodes, outputs), from 0 to 1.
        public var shares: [Float]

        /// Creates a tree.
        ///
        /// - Parameters:
        ///   - features: The feature that each node asks for, or -1 for a leaf.
        ///   - jumps: For each node, the distance to the node where texts with the feature go on; 0 for a leaf.
        ///   - shares: The share of each class at each node, (nodes, outputs), from 0 to 1.
        public init(features: [Int32], jumps: [Int32], shares: [Float]) {
            (self.features, self.jumps, self.shares) = (features, jumps, shares)
        }
    }

    private let blocks: [(name: String, hashes: [UInt64])]
    private let trees: [Tree]
    private let outputs: Int
    private let factor: Double
    private let offset: Double

    /// Creates a packer.
    ///
    /// - Parameters:
    ///   - blocks: The blocks of n-grams, such as `token:1-3`, with the hash of each feature in ascending order.
    ///   - trees: The trees.
    ///   - outputs: The number of outputs: one for two labels, otherwise one for each label.
    ///   - factor: The factor of the logits.
    ///   - offset: The number that is added to the logits.
    public init(
        blocks: [(name: String, hashes: [UInt64])], trees: [Tree], outputs: Int, factor: Double, offset: Double
    ) {
        (self.blocks, self.trees, self.outputs, self.factor, self.offset) = (blocks, trees, outputs, factor, offset)
    }

    /// The keys and tensors of the model.
    ///
    /// - Returns: What is written to a file.
    public func packed() -> PackedFamily {
        var starts: [Int32] = [0]
        for tree in trees { starts.append(starts[starts.count - 1] + Int32(tree.features.count)) }
        let schema = ForestSchema(
            blocks: blocks.map(\.name), features: blocks.map { max(1, $0.hashes.count) }, trees: trees.count,
            nodes: Int(starts[starts.count - 1]), outputs: outputs)
        let tables = zip(schema.tables, blocks).flatMap { $0.newTensors($1.hashes) }
        return PackedFamily(
            name: ForestSchema.family, entries: schema.entries,
            tensors: tables + [
                .init(schema.tree) { littleEndianBytes(starts) },
                .init(schema.node) { littleEndianBytes(trees.flatMap(nodes)) },
                .init(schema.share) { trees.flatMap { $0.shares.map { UInt8(($0 * 255).rounded()) } } },
                .init(schema.calibration) { littleEndianBytes([Float(factor), Float(offset)]) },
            ])
    }

    private func nodes(of tree: Tree) -> [Int32] {
        zip(tree.features, tree.jumps).map { feature, jump in
            feature < 0 ? -1 : feature << Int32(ForestSchema.jumpBits) | jump
        }
    }
}
