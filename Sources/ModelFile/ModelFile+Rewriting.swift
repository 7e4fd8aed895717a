extension ModelFile {
    /// All tensors, to be written into another file as they are.
    ///
    /// - Returns: The tensors, in file order.
    public func copies() -> [NewTensor] {
        tensors.map { tensor in
            NewTensor(TensorSchema(tensor.name, tensor.type, tensor.shape)) { Array(tensor.bytes) }
        }
    }

    /// Writes the model again with other metadata, and perhaps with other tensors.
    ///
    /// - Parameters:
    ///   - entries: The keys to add or to replace.
    ///   - removed: The keys to leave out.
    ///   - tensors: The tensors to write, in file order. Nil writes those of this file.
    ///   - path: The file to create or replace, which may be the file of the model.
    ///   - hash: Computes SHA-256.
    /// - Throws: `FileError` if the file cannot be written, and any error that the `bytes` of a tensor throw.
    public func rewrite(
        adding entries: [MetadataEntry], removing removed: [String] = [], tensors: [NewTensor]? = nil, to path: String,
        hash: Hash
    ) throws {
        let added = Set(entries.map(\.key))
        // The writer adds these itself.
        let own: Set = [
            "general.architecture", "general.alignment", "pinson.format_version", Self.tensorDigestsKey,
            Self.headerDigestKey, Self.paddingKey,
        ]
        let kept = metadata.entries.filter { entry in
            !added.contains(entry.key) && !own.contains(entry.key) && !removed.contains(entry.key)
        }
        try Self.write(to: path, metadata: kept + entries, tensors: tensors ?? copies(), hash: hash)
    }
}
