/// The tensors of one layer of a transformer: attention, then a feed-forward network.
public struct LayerSchema: Sendable, Equatable {
    /// The projection to queries.
    public let query: LinearSchema
    /// The projection to keys.
    public let key: LinearSchema
    /// The projection to values.
    public let value: LinearSchema
    /// The projection of the attended values.
    public let output: LinearSchema
    /// The normalization after the attention.
    public let attentionNorm: LayerNormSchema
    /// The first layer of the feed-forward network, which widens.
    public let up: LinearSchema
    /// The second layer of the feed-forward network, which narrows.
    public let down: LinearSchema
    /// The normalization after the feed-forward network.
    public let outputNorm: LayerNormSchema

    init(_ name: String, of schema: TransformerSchema) {
        func linear(_ part: String, _ inputs: Int, _ outputs: Int) -> LinearSchema {
            LinearSchema("\(name).\(part)", inputs: inputs, outputs: outputs, precision: schema.precision)
        }
        let (width, inner) = (schema.width, schema.inner)
        query = linear("attention.query", width, width)
        key = linear("attention.key", width, width)
        value = linear("attention.value", width, width)
        output = linear("attention.output", width, width)
        attentionNorm = schema.norm("\(name).attention.norm")
        up = linear("feed_forward.up", width, inner)
        down = linear("feed_forward.down", inner, width)
        outputNorm = schema.norm("\(name).feed_forward.norm")
    }

    /// All tensors, in file order.
    public var tensors: [TensorSchema] {
        query.tensors + key.tensors + value.tensors + output.tensors + attentionNorm.tensors + up.tensors
            + down.tensors + outputNorm.tensors
    }
}
