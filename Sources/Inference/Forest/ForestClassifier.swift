import Glibc
import ModelFile

/// The family of forests of decision trees over n-grams.
struct ForestClassifier: Family {
    let schema: ForestSchema
    let features: NgramFeatures
    private let trees: Tensor
    private let nodes: Tensor
    private let shares: Tensor
    /// The factor of the logits, and the number that is added to them.
    private let calibration: (factor: Float, offset: Float)

    init(_ file: ModelFile, _ card: ModelCard) throws(ModelFileError) {
        let pipeline = try card.pipeline(of: file)
        schema = try ForestSchema(file, card)
        features = try NgramFeatures(file, pipeline, blocks: schema.blocks, schema.tables)
        trees = try file.tensor(schema.tree)
        nodes = try file.tensor(schema.node)
        shares = try file.tensor(schema.share)
        let numbers = try file.tensor(schema.calibration).elements(as: Float.self)
        calibration = (numbers[0], numbers[1])
        var last: Int32 = -1
        for start in trees.elements(as: Int32.self) {
            guard start > last, start <= schema.nodes else {
                throw .invalid(path: file.path, reason: "the trees of 'forest.tree' are not in order")
            }
            last = start
        }
        guard Int(last) == schema.nodes, trees.elements(as: Int32.self)[0] == 0 else {
            throw .invalid(path: file.path, reason: "the trees of 'forest.tree' do not hold all its nodes")
        }
    }

    /// The memory that the scoring of one text writes to.
    final class Buffers {
        let text = NgramFeatures.Buffers()
        /// Whether the text has each feature.
        var has: [Bool]
        /// The features that the text has.
        var present: [Int] = []

        init(features: Int) { has = Array(repeating: false, count: features) }
    }

    func makeBuffers(_ options: WorkerOptions) -> Buffers {
        Buffers(features: schema.tables.reduce(0) { $0 + $1.features })
    }

    func score(_ texts: [String], in buffers: Buffers, threads: Int) -> [FamilyOutput] {
        texts.map { score($0, buffers) }
    }

    func scoreSample(tokens: Int, in buffers: Buffers, threads: Int) -> [Float] {
        score(NgramFeatures.sample(words: tokens), buffers).logits
    }

    func score(_ text: String, _ buffers: Buffers) -> FamilyOutput {
        let known = find(text, buffers)
        var sums = [Float](repeating: 0, count: schema.outputs)
        let shares = UnsafeRawBufferPointer(shares.elements(as: Int8.self))
        let count = sums.count
        forEachTree { start, end, nodes in
            let leaf = Self.walk(start, end, nodes, buffers.has) { _, _, _, _ in }
            for output in 0..<count { sums[output] += Float(shares[leaf * count + output]) }
        }
        let logits = sums.map { logit(share: $0 / Float(255 * schema.trees)) }
        return FamilyOutput(
            logits: logits.count == 1 ? [0, logits[0]] : logits, tokens: buffers.text.tokens, isTruncated: false,
            unknown: buffers.text.tokens - known)
    }

    /// Finds the features of a text.
    ///
    /// - Returns: The number of n-grams of the first block that the model knows.
    func find(_ text: String, _ buffers: Buffers) -> Int {
        for feature in buffers.present { buffers.has[feature] = false }
        buffers.present.removeAll(keepingCapacity: true)
        features.scan(text, buffers.text)
        var (first, known) = (0, 0)
        for block in schema.blocks.indices {
            features.count(block, buffers.text)
            if block == 0 { known = buffers.text.counts.known }
            buffers.text.counts.forEach { feature, _ in
                buffers.has[first + feature] = true
                buffers.present.append(first + feature)
            }
            first += schema.tables[block].features
        }
        return known
    }

    /// The logit of a mean share of a class.
    func logit(share: Float) -> Float {
        let share = min(max(share, ForestSchema.smallestShare), 1 - ForestSchema.smallestShare)
        return calibration.factor * (schema.outputs == 1 ? logf(share / (1 - share)) : logf(share)) + calibration.offset
    }

    /// The share of an output at a node, from 0 to 1.
    func share(_ node: Int, _ output: Int) -> Float {
        Float(UInt8(bitPattern: shares.elements(as: Int8.self)[node * schema.outputs + output])) / 255
    }

    /// Calls `body` with the first node of each tree, the node after its last one, and all nodes.
    @inline(__always)
    func forEachTree(_ body: (_ start: Int, _ end: Int, _ nodes: UnsafeBufferPointer<Int32>) -> Void) {
        let (starts, nodes) = (trees.elements(as: Int32.self), nodes.elements(as: Int32.self))
        for tree in 0..<schema.trees { body(Int(starts[tree]), Int(starts[tree + 1]), nodes) }
    }

    /// Follows the branches of a tree.
    ///
    /// A node of a damaged file that would lead outside of the tree counts as a leaf.
    ///
    /// - Parameters:
    ///   - start: The first node of the tree.
    ///   - end: The node after the last one.
    ///   - nodes: All nodes.
    ///   - has: Whether the text has each feature.
    ///   - visit: Is called with each node, the next one, the feature, and whether the text has it.
    /// - Returns: The leaf.
    @inline(__always)
    static func walk(
        _ start: Int, _ end: Int, _ nodes: UnsafeBufferPointer<Int32>, _ has: [Bool],
        _ visit: (_ node: Int, _ next: Int, _ feature: Int, _ isPresent: Bool) -> Void
    ) -> Int {
        has.withUnsafeBufferPointer { has in
            var node = start
            while nodes[node] >= 0 {
                let feature = Int(nodes[node]) &>> ForestSchema.jumpBits
                guard feature < has.count else { return node }
                let jump = has[feature] ? Int(nodes[node]) & (1 &<< ForestSchema.jumpBits &- 1) : 1
                guard jump > 0, node &+ jump < end else { return node }
                visit(node, node &+ jump, feature, has[feature])
                node &+= jump
            }
            return node
        }
    }
}
