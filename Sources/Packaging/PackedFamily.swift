public import ModelFile

/// The keys and the tensors of a model of some family, ready to be written.
public struct PackedFamily {
    /// The name of the family.
    public var name: String
    /// The keys of the family.
    public var entries: [MetadataEntry]
    /// The tensors, in file order.
    public var tensors: [ModelFile.NewTensor]

    /// Writes the model file, completely or not at all.
    ///
    /// - Parameters:
    ///   - output: The model file to create or replace.
    ///   - card: The card of the model. Its family is replaced with that of the model.
    /// - Throws: `FileError` if the file cannot be written.
    public func write(to output: String, _ card: ModelCard) throws {
        var card = card
        card.family = name
        try ModelFile.write(to: output, metadata: card.entries + entries, tensors: tensors, hash: sha256)
    }
}
