/// The keys and tensors of an ensemble: models whose logits are combined by a linear layer.
///
/// The members are in the same file; see `ModelFile.member(_:)`.
public struct EnsembleSchema: Sendable, Equatable {
    /// The name of the family in a model file.
    public static let family = "ensemble"
    /// The most members.
    public static let mostMembers = 16

    /// What the inputs of the layer are.
    public enum Combination: String, Sendable, CaseIterable {
        /// The outputs of all members, one member after the other.
        case sum
        /// The logarithm of the mean of the probabilities of the members; for two labels, of its ratio to the rest.
        case vote
    }

    /// The family of each member.
    public var members: [String]
    /// What the inputs of the layer are.
    public var combination: Combination
    /// The number of outputs: one for two labels, otherwise one for each label.
    public var outputs: Int

    /// Creates a schema.
    ///
    /// - Parameters:
    ///   - members: The family of each member.
    ///   - combination: What the inputs of the layer are.
    ///   - outputs: The number of outputs.
    public init(members: [String], combination: Combination, outputs: Int) {
        (self.members, self.combination, self.outputs) = (members, combination, outputs)
    }

    /// The number of inputs of the layer.
    public var inputs: Int { combination == .vote ? outputs : members.count * outputs }

    /// The weights of the layer, (outputs, inputs).
    public var weight: TensorSchema { TensorSchema("ensemble.weight", .float32, [outputs, inputs]) }

    /// The number that is added to each output, (outputs).
    public var bias: TensorSchema { TensorSchema("ensemble.bias", .float32, [outputs]) }

    /// The tensors of the layer, in file order.
    public var tensors: [TensorSchema] { [weight, bias] }
}

extension EnsembleSchema {
    private enum Keys {
        static let members = MetadataKey.strings("pinson.ensemble.members")
        static let combination = MetadataKey<Combination>.choice("pinson.ensemble.combination")
    }

    /// Reads the schema of a model file.
    ///
    /// - Parameters:
    ///   - file: The file.
    ///   - card: The file's card.
    /// - Throws: `ModelFileError` if a key is missing or not valid.
    public init(_ file: ModelFile, _ card: ModelCard) throws(ModelFileError) {
        members = try Keys.members.value(in: file.metadata)
        combination = try Keys.combination.value(in: file.metadata)
        outputs = card.labels.count == 2 ? 1 : card.labels.count
        guard (1...Self.mostMembers).contains(members.count) else {
            throw .invalid(
                path: file.path,
                reason: "its ensemble has \(members.count) members, expected 1 to \(Self.mostMembers)")
        }
    }

    /// The keys of the family as metadata.
    public var entries: [MetadataEntry] { [Keys.members.entry(members), Keys.combination.entry(combination)] }
}
