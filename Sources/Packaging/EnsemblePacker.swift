import ModelFile

/// Turns several packed models and the layer that combines them into a model file.
public struct EnsemblePacker {
    private let members: [PackedFamily]
    private let isVote: Bool
    private let weights: [Double]
    private let bias: [Double]

    /// Creates a packer.
    ///
    /// - Parameters:
    ///   - members: The models.
    ///   - isVote: Whether the members vote with their probabilities.
    ///   - weights: The weights of the layer, (outputs, inputs).
    ///   - bias: The number that is added to each output.
    public init(members: [PackedFamily], isVote: Bool, weights: [Double], bias: [Double]) {
        (self.members, self.isVote, self.weights, self.bias) = (members, isVote, weights, bias)
    }

    /// The keys and tensors of the model.
    ///
    /// - Returns: What is written to a file.
    public func packed() -> PackedFamily {
        let schema = EnsembleSchema(
            members: members.map(\.name), combination: isVote ? .vote : .sum, outputs: bias.count)
        let parts = members.enumerated()
        return PackedFamily(
            name: EnsembleSchema.family,
            entries: schema.entries
                + parts.flatMap { index, part in part.entries.map { ModelFile.memberEntry($0, index) } },
            tensors: parts.flatMap { index, part in part.tensors.map { ModelFile.memberTensor($0, index) } } + [
                .init(schema.weight) { littleEndianBytes(weights.map(Float.init)) },
                .init(schema.bias) { littleEndianBytes(bias.map(Float.init)) },
            ])
    }
}
