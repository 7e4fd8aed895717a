public import ModelFile

/// Turns a trained linear model over n-grams into a model file.
public struct LinearPacker {
    /// The features of a block of n-grams.
    public struct Block: Sendable {
        /// The kind of the n-grams, such as `token:1-3`.
        public var name: String
        /// The hash of each feature, in ascending order.
        public var hashes: [UInt64]
        /// The inverse document frequency of each feature.
        public var frequencies: [Double]

        /// Creates a block.
        ///
        /// - Parameters:
        ///   - name: The kind of the n-grams, such as `token:1-3`.
        ///   - hashes: The hash of each feature, in ascending order.
        ///   - frequencies: The inverse document frequency of each feature.
        public init(name: String, hashes: [UInt64], frequencies: [Double]) {
            self.name = name
            self.hashes = hashes
            self.frequencies = frequencies
        }
    }

    /// The blocks of n-grams.
    public var blocks: [Block]
    /// The views of the blocks, with their weights, (features, outputs).
    public var views: [(schema: LinearModelSchema.View, weights: [Double])]
    /// The bias of each output.
    public var bias: [Double]
    /// What is counted besides n-grams, with the weight of one of it for each output.
    public var counts: [(name: String, weights: [Double])]
    /// The words that are left out before neighbouring words are joined.
    public var stopWords: [String] = []
    /// The precision of the weights: 8 bits, or 32 bits.
    public var precision = Precision.int8

    /// Creates a packer.
    ///
    /// - Parameters:
    ///   - blocks: The blocks of n-grams.
    ///   - views: The views of the blocks, with their weights, (features, outputs).
    ///   - bias: The bias of each output.
    ///   - counts: What is counted besides n-grams, with the weight of one of it for each output.
    public init(
        blocks: [Block], views: [(schema: LinearModelSchema.View, weights: [Double])], bias: [Double],
        counts: [(name: String, weights: [Double])] = []
    ) {
        self.blocks = blocks
        self.views = views
        self.bias = bias
        self.counts = counts
    }

    /// Leaves out the features whose weights are the smallest.
    ///
    /// - Parameter limit: The most features of all blocks together.
    public mutating func prune(to limit: Int) {
        var importance = blocks.map { [Double](repeating: 0, count: $0.hashes.count) }
        for view in views {
            for index in view.weights.indices {
                let feature = index / bias.count
                let weight =
                    abs(view.weights[index])
                    * (view.schema.usesFrequency ? blocks[view.schema.block].frequencies[feature] : 1)
                importance[view.schema.block][feature] = max(importance[view.schema.block][feature], weight)
            }
        }
        let all = importance.flatMap(\.self).sorted(by: >)
        guard all.count > limit else { return }
        let least = all[limit]
        for block in blocks.indices {
            let kept = importance[block].indices.filter { importance[block][$0] > least }
            blocks[block].hashes = kept.map { blocks[block].hashes[$0] }
            blocks[block].frequencies = kept.map { blocks[block].frequencies[$0] }
            for view in views.indices where views[view].schema.block == block {
                let weights = views[view].weights
                views[view].weights = kept.flatMap { weights[$0 * bias.count..<($0 + 1) * bias.count] }
            }
        }
    }

    /// The keys and tensors of the model.
    ///
    /// - Returns: What is written to a file.
    public func packed() -> PackedFamily {
        let schema = LinearModelSchema(
            blocks: blocks.map(\.name), features: blocks.map { max(1, $0.hashes.count) }, views: views.map(\.schema),
            outputs: bias.count, counts: counts.map(\.name), stopWords: stopWords, precision: precision)
        var tensors: [ModelFile.NewTensor] = []
        for (index, block) in blocks.enumerated() {
            tensors += schema.tables[index].newTensors(block.hashes) + frequencies(of: block, index, schema)
        }
        for (index, view) in views.enumerated() {
            guard schema.isQuantized else {
                tensors.append(.init(schema.weight(index)) { floats(view.weights, schema.weight(index)) })
                continue
            }
            let (weights, scales) = quantized(view.weights)
            tensors.append(.init(schema.weight(index)) { padded(weights, to: schema.weight(index).byteCount) })
            tensors.append(.init(schema.scale(index)) { littleEndianBytes(scales) })
        }
        if !counts.isEmpty {
            tensors.append(.init(schema.countWeight) { littleEndianBytes(counts.flatMap(\.weights).map(Float.init)) })
        }
        tensors.append(.init(schema.bias) { littleEndianBytes(bias.map(Float.init)) })
        return PackedFamily(name: LinearModelSchema.family, entries: schema.entries, tensors: tensors)
    }

    /// The number of features that are taken for another one if fingerprints have two bytes.
    var sharedFingerprints: Int {
        blocks.reduce(0) { $0 + NgramTableSchema("", features: max(1, $1.hashes.count)).sharedFingerprints($1.hashes) }
    }

    private func frequencies(of block: Block, _ index: Int, _ schema: LinearModelSchema) -> [ModelFile.NewTensor] {
        guard schema.isQuantized else {
            return [.init(schema.frequency(index)) { floats(block.frequencies, schema.frequency(index)) }]
        }
        let smallest = block.frequencies.min() ?? 0
        let step = ((block.frequencies.max() ?? 0) - smallest) / 255
        let steps = block.frequencies.map { UInt8(step > 0 ? (($0 - smallest) / step).rounded() : 0) }
        return [
            .init(schema.frequency(index)) { padded(steps, to: schema.frequency(index).byteCount) },
            .init(schema.frequencyRange(index)) { littleEndianBytes([Float(smallest), Float(step)]) },
        ]
    }

    /// The bytes of float32, with zeros for the single feature of a table without any.
    private func floats(_ values: [Double], _ schema: TensorSchema) -> [UInt8] {
        padded(littleEndianBytes(values.map(Float.init)), to: schema.byteCount)
    }

    /// The weights as integers of 8 bits, with a factor for each output.
    private func quantized(_ weights: [Double]) -> (weights: [UInt8], scales: [Float]) {
        let outputs = bias.count
        var scales = [Float](repeating: 1, count: outputs)
        for output in 0..<outputs {
            let largest = stride(from: output, to: weights.count, by: outputs).reduce(0.0) { max($0, abs(weights[$1])) }
            if largest > 0 { scales[output] = Float(largest / 127) }
        }
        let integers = weights.indices.map { index in
            UInt8(bitPattern: Int8((weights[index] / Double(scales[index % outputs])).rounded()))
        }
        return (integers, scales)
    }
}
