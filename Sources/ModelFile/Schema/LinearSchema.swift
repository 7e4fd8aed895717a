/// The tensors of a linear layer, out = x · wᵀ + bias.
public struct LinearSchema: Sendable, Equatable {
    /// The prefix of the tensors' names.
    public let name: String
    /// The number of inputs.
    public let inputs: Int
    /// The number of outputs.
    public let outputs: Int
    /// The precision of the weights.
    public let precision: Precision

    /// Declares a linear layer.
    ///
    /// - Parameters:
    ///   - name: The prefix of the tensors' names.
    ///   - inputs: The number of inputs.
    ///   - outputs: The number of outputs.
    ///   - precision: The precision of the weights.
    public init(_ name: String, inputs: Int, outputs: Int, precision: Precision) {
        self.name = name
        self.inputs = inputs
        self.outputs = outputs
        self.precision = precision
    }

    /// Whether the weights are packed integers.
    public var isQuantized: Bool { precision != .float32 }

    /// The number of outputs, padded to 16 if the weights are packed.
    public var rows: Int { isQuantized ? outputs.roundedUp(to: 16) : outputs }

    /// The weights: (outputs, inputs) as float32, or packed in rows of int8, one row for 16 outputs.
    ///
    /// With 8 bits, packed weights have the shape (rows/16, 64 · inputs/4) and the order [rows/16][inputs/4][16][4].
    /// With 4 bits, they have the shape (rows/16, 64 · inputs/8): two blocks of 64 values share 64 bytes, and the first
    /// block is in the lower halves of the bytes. The number of inputs is padded with `Precision.padded(_:)`.
    public var weight: TensorSchema {
        guard isQuantized else { return TensorSchema("\(name).weight", .float32, [outputs, inputs]) }
        return TensorSchema(
            "\(name).weight", .int8, [rows / 16, precision.padded(inputs) / precision.inputsTogether * 64])
    }

    /// The scale of each output's packed weights, (rows).
    public var scale: TensorSchema { TensorSchema("\(name).scale", .float32, [rows]) }

    /// The sum of each output's packed weights, (rows).
    public var sum: TensorSchema { TensorSchema("\(name).sum", .int32, [rows]) }

    /// The bias of each output, (rows).
    public var bias: TensorSchema { TensorSchema("\(name).bias", .float32, [rows]) }

    /// All tensors, in file order.
    public var tensors: [TensorSchema] { isQuantized ? [weight, scale, sum, bias] : [weight, bias] }
}

/// The tensors of a layer normalization.
public struct LayerNormSchema: Sendable, Equatable {
    /// The prefix of the tensors' names.
    public let name: String
    /// The number of values that are normalized together.
    public let width: Int
    /// The number that is added to the variance.
    public let epsilon: Float

    /// The factor of each value, (width).
    public var gain: TensorSchema { TensorSchema("\(name).weight", .float32, [width]) }

    /// The number added to each value, (width).
    public var offset: TensorSchema { TensorSchema("\(name).bias", .float32, [width]) }

    /// All tensors, in file order.
    public var tensors: [TensorSchema] { [gain, offset] }
}
