extension ModelFile {
    /// A model that is a part of the model in this file.
    ///
    /// Its keys have the prefix `pinson.member.N.` instead of `pinson.`, and its tensors the prefix `member.N.`. The
    /// result has only these keys and tensors, without the prefixes, so that a family reads it like a file of its own.
    ///
    /// - Parameter index: The index of the member.
    /// - Returns: The keys and tensors of the member.
    public func member(_ index: Int) -> ModelFile {
        let (keys, names) = (Self.keyPrefix(index), Self.tensorPrefix(index))
        let entries = metadata.entries.compactMap { entry -> MetadataEntry? in
            guard entry.key.hasPrefix(keys) else { return nil }
            return ("pinson." + entry.key.dropFirst(keys.count), entry.value)
        }
        let tensors = tensors.compactMap { tensor -> Tensor? in
            tensor.name.hasPrefix(names) ? tensor.renamed(String(tensor.name.dropFirst(names.count))) : nil
        }
        return ModelFile(
            path: "\(path), member \(index)", metadata: Metadata(path: path, distinct: entries), tensors: tensors,
            dataOffset: dataOffset, mapping: mapping)
    }

    /// A key of a member, as the file has it.
    ///
    /// - Parameters:
    ///   - entry: The key of a model of its own, which begins with `pinson.`, and its value.
    ///   - index: The index of the member.
    /// - Returns: The key with the prefix of the member, and the value.
    public static func memberEntry(_ entry: MetadataEntry, _ index: Int) -> MetadataEntry {
        (keyPrefix(index) + entry.key.dropFirst("pinson.".count), entry.value)
    }

    /// A tensor of a member, as the file has it.
    ///
    /// - Parameters:
    ///   - tensor: The tensor of a model of its own.
    ///   - index: The index of the member.
    /// - Returns: The tensor with the prefix of the member.
    public static func memberTensor(_ tensor: NewTensor, _ index: Int) -> NewTensor {
        let schema = tensor.schema
        return NewTensor(
            TensorSchema(tensorPrefix(index) + schema.name, schema.type, schema.shape), bytes: tensor.bytes)
    }

    private static func keyPrefix(_ index: Int) -> String { "pinson.member.\(index)." }

    private static func tensorPrefix(_ index: Int) -> String { "member.\(index)." }
}
