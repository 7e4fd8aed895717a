import ModelFile

/// The tensors of a transformer, made from named weights.
///
/// Shapes are checked when a tensor is added. Its values are read, quantized and packed when it is written.
struct TransformerTensors {
    private(set) var tensors: [ModelFile.NewTensor] = []
    /// The number of weights that the tensors are made of.
    private(set) var parameters = 0

    private let schema: TransformerSchema
    private let source: any WeightSource
    private let names: CheckpointNames

    /// Adds everything that `schema` declares.
    ///
    /// - Parameters:
    ///   - schema: The tensors to make.
    ///   - source: The weights.
    ///   - names: The names of the weights in the source.
    ///   - positions: The rows of the source's table of positions that tokens can have, at least as many as the schema.
    ///   - segments: The number of segments that the source has.
    /// - Throws: The source's error if an array is missing or has another shape.
    init(
        _ schema: TransformerSchema, from source: any WeightSource, _ names: CheckpointNames, positions: Range<Int>,
        segments: Int
    ) throws {
        self.schema = schema
        self.source = source
        self.names = names
        try addTokens()
        try addPositions(positions, segments: segments)
        try add(schema.embeddingsNorm, from: names.embeddingsNorm)
        if let projection = schema.projection { try add(projection, from: names.projection) }
        if let biases = schema.distanceBiases { try addSpread(biases, from: names.distanceBiases) }
        for index in 0..<schema.storedLayers { try add(schema.layer(index), from: names.layer(index)) }
        if let dense = schema.dense { try add(dense, from: names.dense) }
        if let classifier = schema.classifier { try add(classifier, from: names.classifier) }
        precondition(tensors.map(\.schema) == schema.tensors, "the schema declares other tensors than were added")
    }

    private mutating func addTokens() throws {
        guard schema.precision != .float32 else { return try add(schema.tokens, from: names.tokens) }
        let (rows, columns) = (schema.vocabulary, schema.embeddingWidth)
        try count(names.tokens, shape: [rows, columns])
        let table = Shared(readers: 2) { [source, names] in
            QuantizedRows(try source.floats(names.tokens, shape: [rows, columns]), rows: rows, columns: columns)
        }
        add(schema.tokens) { littleEndianBytes(try table.value().values) }
        add(schema.tokenScales) { littleEndianBytes(try table.value().scales) }
    }

    /// Adds the vectors of the positions.
    ///
    /// Each includes the vector of the first segment, because a tweet has no second one.
    private mutating func addPositions(_ positions: Range<Int>, segments rows: Int) throws {
        let width = schema.embeddingWidth
        let rowsOfPositions = positions.upperBound
        try count(names.positions, shape: [rowsOfPositions, width])
        if let segments = names.segments { try count(segments, shape: [rows, width]) }
        add(schema.positions) { [source, names, schema] in
            let all = try source.floats(names.positions, shape: [rowsOfPositions, width])
            var values = Array(all[(positions.lowerBound * width)...].prefix(schema.maxTokens * width))
            if let segments = names.segments {
                let segment = try source.floats(segments, shape: [rows, width])
                for index in values.indices { values[index] += segment[index % width] }
            }
            return littleEndianBytes(values)
        }
    }

    private mutating func addSpread(_ biases: TensorSchema, from name: String) throws {
        let (heads, shape) = (schema.heads, [DistanceBuckets.count, schema.heads])
        try count(name, shape: shape)
        add(biases) { [source, schema] in
            let table = try source.floats(name, shape: shape)
            return littleEndianBytes(DistanceBuckets.spread(table, heads: heads, maxTokens: schema.maxTokens))
        }
    }

    private mutating func add(_ layer: LayerSchema, from names: CheckpointNames.Layer) throws {
        try add(layer.query, from: names.query)
        try add(layer.key, from: names.key)
        try add(layer.value, from: names.value)
        try add(layer.output, from: names.output)
        try add(layer.attentionNorm, from: names.attentionNorm)
        try add(layer.up, from: names.up)
        try add(layer.down, from: names.down)
        try add(layer.outputNorm, from: names.outputNorm)
    }

    private mutating func add(_ norm: LayerNormSchema, from name: String) throws {
        try add(norm.gain, from: "\(name).weight")
        try add(norm.offset, from: "\(name).bias")
    }

    private mutating func add(_ linear: LinearSchema, from name: String) throws {
        let (weight, bias) = ("\(name).weight", "\(name).bias")
        guard linear.isQuantized else {
            try add(linear.weight, from: weight)
            return try add(linear.bias, from: bias)
        }
        try count(weight, shape: [linear.outputs, linear.inputs])
        try count(bias, shape: [linear.outputs])
        let packed = Shared(readers: 3) { [source] in
            let floats = try source.floats(weight, shape: [linear.outputs, linear.inputs])
            return QuantizedRows(
                floats, rows: linear.outputs, columns: linear.inputs, precision: linear.precision
            ).packed()
        }
        let padding = [Float](repeating: 0, count: linear.rows - linear.outputs)
        add(linear.weight) { littleEndianBytes(try packed.value().data) }
        add(linear.scale) { littleEndianBytes(try packed.value().scales + padding) }
        add(linear.sum) { littleEndianBytes(try packed.value().sums) }
        add(linear.bias) { [source] in
            littleEndianBytes(try source.floats(bias, shape: [linear.outputs]) + padding)
        }
    }

    /// Adds a tensor that has the same elements and shape in the source.
    private mutating func add(_ tensor: TensorSchema, from name: String) throws {
        try count(name, shape: tensor.shape)
        add(tensor) { [source] in littleEndianBytes(try source.floats(name, shape: tensor.shape)) }
    }

    private mutating func count(_ name: String, shape: [Int]) throws {
        try source.check(name, shape: shape)
        parameters += shape.reduce(1, *)
    }

    private mutating func add(_ tensor: TensorSchema, _ bytes: @escaping () throws -> [UInt8]) {
        tensors.append(.init(tensor, bytes: bytes))
    }
}

/// The elements as bytes in the order of a model file.
///
/// All machines on which Pinson runs are little-endian.
func littleEndianBytes<T: BitwiseCopyable>(_ elements: [T]) -> [UInt8] {
    elements.withUnsafeBytes { Array($0) }
}
