import Files

extension ModelFile {
    /// A tensor to be written: its entry in the table, and a closure that makes its bytes when they are needed.
    public struct NewTensor {
        /// The tensor's name, type and shape.
        public let schema: TensorSchema
        let bytes: () throws -> [UInt8]

        /// Creates a tensor to be written.
        ///
        /// - Parameters:
        ///   - schema: The tensor's name, type and shape.
        ///   - bytes: Makes the elements, little-endian and row-major.
        public init(_ schema: TensorSchema, bytes: @escaping () throws -> [UInt8]) {
            precondition((1..<64).contains(schema.name.utf8.count), "tensor names have 1 to 63 bytes: \(schema.name)")
            precondition((1...4).contains(schema.shape.count) && schema.shape.allSatisfy { $0 > 0 })
            self.schema = schema
            self.bytes = bytes
        }
    }

    /// Writes a model file, completely or not at all.
    ///
    /// One tensor at a time is in memory. Keys that every file has, such as the digests, are added to `metadata`. The
    /// digests are known last, so the header is written twice: once to reserve its place, and again at the end.
    ///
    /// - Parameters:
    ///   - path: The file to create or replace.
    ///   - metadata: The keys and values of the model card, the tokenizer and the family.
    ///   - tensors: The tensors, in file order.
    ///   - hash: Computes SHA-256.
    /// - Throws: `FileError` if the file cannot be written, `ModelFileError.tooLong` if no reader would accept an array of
    ///   the metadata, and any error that the `bytes` of a tensor throw.
    public static func write(
        to path: String, metadata: [MetadataEntry], tensors: [NewTensor], hash: Hash
    ) throws {
        for case (let key, .array(let values)) in metadata where values.count > maximumElements {
            throw ModelFileError.tooLong(path: path, key: key, found: values.count, limit: maximumElements)
        }
        let file = try AtomicFile(path: path)
        let schemas = tensors.map(\.schema)
        let noDigest = String(repeating: "0", count: digestLength)
        var digests = tensors.map { _ in noDigest }
        try file.append(header(metadata, schemas, digests: digests, own: noDigest))
        for (index, tensor) in tensors.enumerated() {
            let bytes = try tensor.bytes()
            let expected = tensor.schema.byteCount
            precondition(bytes.count == expected, "tensor \(tensor.schema.name) has \(bytes.count) bytes")
            digests[index] = bytes.withUnsafeBytes(hash)
            try file.append(bytes)
            try file.append([UInt8](repeating: 0, count: aligned(bytes.count) - bytes.count))
        }
        let unsigned = header(metadata, schemas, digests: digests, own: noDigest)
        try file.rewind()
        try file.append(header(metadata, schemas, digests: digests, own: unsigned.withUnsafeBytes(hash)))
        try file.commit()
    }

    /// Everything before the data, ending on a page boundary.
    ///
    /// `HeaderReader` reads it.
    private static func header(
        _ metadata: [MetadataEntry], _ tensors: [TensorSchema], digests: [String], own: String
    ) -> [UInt8] {
        var entries: [MetadataEntry] = [
            ("general.architecture", .string("pinson")), ("general.alignment", .uint32(UInt32(alignment))),
            ("pinson.format_version", .uint32(formatVersion)),
        ]
        entries += metadata
        entries.append((tensorDigestsKey, .array(digests.map { .string($0) })))
        entries.append((headerDigestKey, .string(own)))
        let unpadded = HeaderWriter.bytes(entries + [(paddingKey, .string(""))], tensors).count
        let padding = String(repeating: " ", count: (pageSize - unpadded % pageSize) % pageSize)
        return HeaderWriter.bytes(entries + [(paddingKey, .string(padding))], tensors)
    }
}
