/// The keys and tensors of a forest of decision trees over n-grams.
///
/// The nodes of a tree are in the order in which they are visited if the branch without the feature comes first, so that
/// branch of a node begins at the next node. A node is -1 for a leaf. Otherwise its lower ``jumpBits`` bits are the
/// distance to the node where texts with the feature go on, and the bits above them are the feature.
public struct ForestSchema: Sendable, Equatable {
    /// The name of the family in a model file.
    public static let family = "forest"
    /// The number of bits of a jump.
    public static let jumpBits = 19
    /// The most features of all blocks.
    public static let mostFeatures = 4096
    /// The smallest share of a class, which keeps logits finite.
    public static let smallestShare: Float = 1e-4

    /// The blocks of n-grams, such as `token:1-3`.
    public var blocks: [String]
    /// The table of each block.
    ///
    /// Features are numbered one block after the other.
    public var tables: [NgramTableSchema]
    /// The number of trees.
    public var trees: Int
    /// The number of nodes of all trees.
    public var nodes: Int
    /// The number of outputs: one for two labels, otherwise one for each label.
    public var outputs: Int

    /// Creates a schema.
    ///
    /// - Parameters:
    ///   - blocks: The blocks of n-grams.
    ///   - features: The number of features of each block.
    ///   - trees: The number of trees.
    ///   - nodes: The number of nodes of all trees.
    ///   - outputs: The number of outputs.
    public init(blocks: [String], features: [Int], trees: Int, nodes: Int, outputs: Int) {
        self.blocks = blocks
        tables = features.enumerated().map { NgramTableSchema("ngram.\($0)", features: $1) }
        (self.trees, self.nodes, self.outputs) = (trees, nodes, outputs)
    }

    /// The first node of each tree, and the number of nodes at the end, (trees + 1).
    public var tree: TensorSchema { TensorSchema("forest.tree", .int32, [trees + 1]) }

    /// The nodes, (nodes).
    public var node: TensorSchema { TensorSchema("forest.node", .int32, [nodes]) }

    /// The share of each class at each node as a step from 0 to 255, (nodes, outputs).
    ///
    /// For two classes, it is the share of the second one.
    public var share: TensorSchema { TensorSchema("forest.share", .int8, [nodes, outputs]) }

    /// The factor of the logits, and the number that is added to them, (2).
    public var calibration: TensorSchema { TensorSchema("forest.calibration", .float32, [2]) }

    /// All tensors, in file order.
    public var tensors: [TensorSchema] { tables.flatMap(\.tensors) + [tree, node, share, calibration] }
}

extension ForestSchema {
    private enum Keys {
        static let blocks = MetadataKey.strings("pinson.forest.blocks")
    }

    /// Reads the schema of a model file.
    ///
    /// - Parameters:
    ///   - file: The file.
    ///   - card: The file's card.
    /// - Throws: `ModelFileError` if a key or a tensor is missing or not valid.
    public init(_ file: ModelFile, _ card: ModelCard) throws(ModelFileError) {
        blocks = try Keys.blocks.value(in: file.metadata)
        guard !blocks.isEmpty else { throw .invalid(path: file.path, reason: "it has no blocks of n-grams") }
        tables = []
        for block in blocks.indices { tables.append(try NgramTableSchema("ngram.\(block)", in: file)) }
        let features = tables.reduce(0) { $0 + $1.features }
        guard features <= Self.mostFeatures else {
            throw .invalid(
                path: file.path, reason: "its forest has \(features) features, expected \(Self.mostFeatures) at most")
        }
        outputs = card.labels.count == 2 ? 1 : card.labels.count
        (trees, nodes) = (0, 0)
        for (name, size) in [("forest.tree", \Self.trees), ("forest.node", \Self.nodes)]
            as [(String, WritableKeyPath<Self, Int>)]
        {
            guard let found = file.tensor(named: name)?.shape.first else {
                throw .missingTensor(path: file.path, name: name)
            }
            self[keyPath: size] = found
        }
        trees -= 1
        guard trees > 0 else { throw .invalid(path: file.path, reason: "its forest has no trees") }
    }

    /// The keys of the family as metadata.
    public var entries: [MetadataEntry] { [Keys.blocks.entry(blocks)] }
}
