extension ModelFile {
    /// Writes the model again with other metadata.
    ///
    /// - Parameters:
    ///   - entries: The keys to add or to replace.
    ///   - path: The file to create or replace, which may be the file of the model.
    ///   - hash: Computes SHA-256.
    /// - Throws: `FileError` if the file cannot be written.
    public func rewrite(adding entries: [MetadataEntry], to path: String, hash: Hash) throws {
        let added = Set(entries.map(\.key))
        // The writer adds these itself.
        let own: Set = [
            "general.architecture", "general.alignment", "pinson.format_version", Self.tensorDigestsKey,
            Self.headerDigestKey, Self.paddingKey,
        ]
        let kept = metadata.entries.filter { !added.contains($0.key) && !own.contains($0.key) }
        try Self.write(
            to: path, metadata: kept + entries,
            tensors: tensors.map { tensor in
                NewTensor(TensorSchema(tensor.name, tensor.type, tensor.shape)) { Array(tensor.bytes) }
            }, hash: hash)
    }
}
