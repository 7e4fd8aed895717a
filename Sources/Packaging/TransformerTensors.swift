import ModelFile

/// The tensors of a BERT or DistilBERT checkpoint under the names and in the layouts of a model file.
///
/// Shapes are checked when a tensor is added; its values are read, quantized and packed when it is written.
struct TransformerTensors {
    private(set) var tensors: [ModelFile.NewTensor] = []
    /// Numbers in the checkpoint that went into them.
    private(set) var parameters = 0

    private let checkpoint: Checkpoint
    private let maxTokens: Int
    private let precision: Precision
    private var configuration: Configuration { checkpoint.configuration }
    private var isDistilled: Bool { configuration.architecture == .distilbertClassifier }
    /// What the encoder's tensors are named under.
    private var root: String {
        switch configuration.architecture {
        case .bertClassifier: "bert."
        case .distilbertClassifier: "distilbert."
        case .bertEncoder: ""
        }
    }

    init(_ checkpoint: Checkpoint, maxTokens: Int, precision: Precision) {
        self.checkpoint = checkpoint
        self.maxTokens = maxTokens
        self.precision = precision
    }

    /// Adds everything the architecture has, in the order in which a forward pass reads it.
    mutating func addAll() throws {
        let width = configuration.width
        try addTokens()
        try addPositions()
        try addNorm("embeddings.norm", from: "\(root)embeddings.LayerNorm")
        for index in 0..<configuration.layers {
            let names = isDistilled ? LayerNames.distilbert(index) : LayerNames.bert(index)
            let name = "layer.\(index)"
            try addLinear("\(name).attention.query", from: root + names.query, inputs: width, outputs: width)
            try addLinear("\(name).attention.key", from: root + names.key, inputs: width, outputs: width)
            try addLinear("\(name).attention.value", from: root + names.value, inputs: width, outputs: width)
            try addLinear("\(name).attention.output", from: root + names.output, inputs: width, outputs: width)
            try addNorm("\(name).attention.norm", from: root + names.attentionNorm)
            try addLinear("\(name).feed_forward.up", from: root + names.up, inputs: width, outputs: configuration.inner)
            try addLinear(
                "\(name).feed_forward.down", from: root + names.down, inputs: configuration.inner, outputs: width)
            try addNorm("\(name).feed_forward.norm", from: root + names.outputNorm)
        }
        guard !configuration.labels.isEmpty else { return }
        let pooler = isDistilled ? "pre_classifier" : "\(root)pooler.dense"
        try addFloats("pooler.weight", from: "\(pooler).weight", shape: [width, width])
        try addFloats("pooler.bias", from: "\(pooler).bias", shape: [width])
        try addFloats("classifier.weight", from: "classifier.weight", shape: [configuration.labels.count, width])
        try addFloats("classifier.bias", from: "classifier.bias", shape: [configuration.labels.count])
    }

    private mutating func addTokens() throws {
        let source = "\(root)embeddings.word_embeddings.weight"
        let (rows, columns) = (configuration.vocabulary, configuration.width)
        guard precision != .float32 else {
            return try addFloats("embeddings.token.weight", from: source, shape: [rows, columns])
        }
        try count(source, shape: [rows, columns])
        let quantized = { [checkpoint] in
            QuantizedRows(try checkpoint.floats(source, shape: [rows, columns]), rows: rows, columns: columns)
        }
        add("embeddings.token.weight", .int8, [rows, columns]) { littleEndianBytes(try quantized().values) }
        add("embeddings.token.scale", .float32, [rows]) { littleEndianBytes(try quantized().scales) }
    }

    /// Positions, with the vector of the first segment added: a tweet has no second one.
    private mutating func addPositions() throws {
        let (width, positions) = (configuration.width, configuration.positions)
        let source = "\(root)embeddings.position_embeddings.weight"
        let segments = "\(root)embeddings.token_type_embeddings.weight"
        try count(source, shape: [positions, width])
        let hasSegments = !isDistilled
        if hasSegments { try count(segments, shape: [2, width]) }
        add("embeddings.position.weight", .float32, [maxTokens, width]) { [checkpoint, maxTokens] in
            var values = Array(try checkpoint.floats(source, shape: [positions, width]).prefix(maxTokens * width))
            if hasSegments {
                let segment = try checkpoint.floats(segments, shape: [2, width])
                for index in values.indices { values[index] += segment[index % width] }
            }
            return littleEndianBytes(values)
        }
    }

    private mutating func addNorm(_ name: String, from source: String) throws {
        try addFloats("\(name).weight", from: "\(source).weight", shape: [configuration.width])
        try addFloats("\(name).bias", from: "\(source).bias", shape: [configuration.width])
    }

    private mutating func addLinear(_ name: String, from source: String, inputs: Int, outputs: Int) throws {
        guard precision != .float32 else {
            try addFloats("\(name).weight", from: "\(source).weight", shape: [outputs, inputs])
            return try addFloats("\(name).bias", from: "\(source).bias", shape: [outputs])
        }
        try count("\(source).weight", shape: [outputs, inputs])
        try count("\(source).bias", shape: [outputs])
        let rows = outputs.roundedUp(to: 16)
        let quantized = Shared { [checkpoint, precision] in
            QuantizedRows(
                try checkpoint.floats("\(source).weight", shape: [outputs, inputs]), rows: outputs, columns: inputs,
                precision: precision)
        }
        let together = precision.inputsTogether
        let padding = [Float](repeating: 0, count: rows - outputs)
        add("\(name).weight", .int8, [rows / 16, inputs.roundedUp(to: together) / together * 64]) {
            littleEndianBytes(try quantized.value().packed(rows: outputs, columns: inputs).data)
        }
        add("\(name).scale", .float32, [rows]) { littleEndianBytes(try quantized.value().scales + padding) }
        add("\(name).sum", .int32, [rows]) {
            defer { quantized.forget() }  // the last of the three that is written
            return littleEndianBytes(try quantized.value().packed(rows: outputs, columns: inputs).sums)
        }
        add("\(name).bias", .float32, [rows]) { [checkpoint] in
            littleEndianBytes(try checkpoint.floats("\(source).bias", shape: [outputs]) + padding)
        }
    }

    private mutating func addFloats(_ name: String, from source: String, shape: [Int]) throws {
        try count(source, shape: shape)
        add(name, .float32, shape) { [checkpoint] in littleEndianBytes(try checkpoint.floats(source, shape: shape)) }
    }

    private mutating func count(_ source: String, shape: [Int]) throws {
        try checkpoint.check(source, shape: shape)
        parameters += shape.reduce(1, *)
    }

    private mutating func add(
        _ name: String, _ type: TensorType, _ shape: [Int], _ bytes: @escaping () throws -> [UInt8]
    ) {
        tensors.append(.init(name: name, type: type, shape: shape, bytes: bytes))
    }
}

/// The names of one layer's parts in a checkpoint.
private struct LayerNames {
    let query, key, value, output, attentionNorm, up, down, outputNorm: String

    static func bert(_ index: Int) -> LayerNames {
        let layer = "encoder.layer.\(index)"
        return LayerNames(
            query: "\(layer).attention.self.query", key: "\(layer).attention.self.key",
            value: "\(layer).attention.self.value",
            output: "\(layer).attention.output.dense", attentionNorm: "\(layer).attention.output.LayerNorm",
            up: "\(layer).intermediate.dense", down: "\(layer).output.dense", outputNorm: "\(layer).output.LayerNorm")
    }

    static func distilbert(_ index: Int) -> LayerNames {
        let layer = "transformer.layer.\(index)"
        return LayerNames(
            query: "\(layer).attention.q_lin", key: "\(layer).attention.k_lin", value: "\(layer).attention.v_lin",
            output: "\(layer).attention.out_lin", attentionNorm: "\(layer).sa_layer_norm", up: "\(layer).ffn.lin1",
            down: "\(layer).ffn.lin2", outputNorm: "\(layer).output_layer_norm")
    }
}

/// The elements as they lie in a file on the little-endian machines Pinson runs on.
func littleEndianBytes<T: BitwiseCopyable>(_ elements: [T]) -> [UInt8] {
    elements.withUnsafeBytes { Array($0) }
}

/// What several tensors are made of: made for the first of them, and kept until it is forgotten.
private final class Shared<Value> {
    private let make: () throws -> Value
    private var made: Value?

    init(_ make: @escaping () throws -> Value) { self.make = make }

    func value() throws -> Value {
        if let made { return made }
        let value = try make()
        made = value
        return value
    }

    func forget() { made = nil }
}
