extension ModelFile {
    /// A tensor to be written: its place in the table, and its bytes, asked for when their turn comes.
    public struct NewTensor {
        public let name: String
        public let type: TensorType
        /// Outermost extent first.
        public let shape: [Int]
        let bytes: () throws -> [UInt8]

        public init(name: String, type: TensorType, shape: [Int], bytes: @escaping () throws -> [UInt8]) {
            precondition(
                (1..<64).contains(name.utf8.count) && (1...4).contains(shape.count) && shape.allSatisfy { $0 > 0 })
            self.name = name
            self.type = type
            self.shape = shape
            self.bytes = bytes
        }

        public var byteCount: Int { shape.reduce(type.size, *) }
    }

    /// A SHA-256 as 64 hexadecimal digits.
    ///
    /// The room upstairs brings it: a function never hashes its model.
    public typealias Digest = (UnsafeRawBufferPointer) -> String

    /// Writes a model file, whole or not at all.
    ///
    /// One tensor at a time is in memory, and what its maker keeps. The keys every file has are added to `metadata`; among them the digests,
    /// which are known last, so the header is written once to hold its place and once more at the end.
    ///
    /// - Throws: `ModelFileError.unwritable`, and whatever `bytes` of a tensor throws.
    public static func write(
        to path: String, metadata: [(key: String, value: MetadataValue)], tensors: [NewTensor], digest: Digest
    ) throws {
        let file = try AtomicFile(path: path)
        let noDigest = String(repeating: "0", count: digestLength)
        var digests = tensors.map { _ in noDigest }
        try file.append(header(metadata, tensors, digests: digests, own: noDigest))
        for (index, tensor) in tensors.enumerated() {
            let bytes = try tensor.bytes()
            precondition(bytes.count == tensor.byteCount, "tensor \(tensor.name) has \(bytes.count) bytes")
            digests[index] = bytes.withUnsafeBytes(digest)
            try file.append(bytes)
            try file.append([UInt8](repeating: 0, count: aligned(bytes.count) - bytes.count))
        }
        let unsigned = header(metadata, tensors, digests: digests, own: noDigest)
        try file.rewind()
        try file.append(header(metadata, tensors, digests: digests, own: unsigned.withUnsafeBytes(digest)))
        try file.commit()
    }

    /// Everything before the data, ending on a page boundary: the mirror image of `HeaderReader`.
    private static func header(
        _ metadata: [(key: String, value: MetadataValue)], _ tensors: [NewTensor], digests: [String], own: String
    ) -> [UInt8] {
        var entries: [(key: String, value: MetadataValue)] = [
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

private enum HeaderWriter {
    static func bytes(_ entries: [(key: String, value: MetadataValue)], _ tensors: [ModelFile.NewTensor]) -> [UInt8] {
        var out = Array("GGUF".utf8)
        append(UInt32(3), to: &out)
        append(UInt64(tensors.count), to: &out)
        append(UInt64(entries.count), to: &out)
        for (key, value) in entries {
            append(key, to: &out)
            append(value.typeNumber, to: &out)
            append(value, to: &out)
        }
        var offset = 0
        for tensor in tensors {
            append(tensor.name, to: &out)
            append(UInt32(tensor.shape.count), to: &out)
            for extent in tensor.shape.reversed() { append(UInt64(extent), to: &out) }
            append(tensor.type.rawValue, to: &out)
            append(UInt64(offset), to: &out)
            offset += aligned(tensor.byteCount)
        }
        return out + [UInt8](repeating: 0, count: aligned(out.count) - out.count)
    }

    private static func append(_ value: MetadataValue, to out: inout [UInt8]) {
        switch value {
        case .uint8(let value): append(value, to: &out)
        case .int8(let value): append(value, to: &out)
        case .uint16(let value): append(value, to: &out)
        case .int16(let value): append(value, to: &out)
        case .uint32(let value): append(value, to: &out)
        case .int32(let value): append(value, to: &out)
        case .float32(let value): append(value.bitPattern, to: &out)
        case .bool(let value): append(UInt8(value ? 1 : 0), to: &out)
        case .string(let value): append(value, to: &out)
        case .array(let values):
            append(values.first?.typeNumber ?? MetadataValue.string("").typeNumber, to: &out)
            append(UInt64(values.count), to: &out)
            for value in values { append(value, to: &out) }
        case .uint64(let value): append(value, to: &out)
        case .int64(let value): append(value, to: &out)
        case .float64(let value): append(value.bitPattern, to: &out)
        }
    }

    private static func append(_ string: String, to out: inout [UInt8]) {
        append(UInt64(string.utf8.count), to: &out)
        out += string.utf8
    }

    private static func append<T: FixedWidthInteger>(_ value: T, to out: inout [UInt8]) {
        withUnsafeBytes(of: value.littleEndian) { out += $0 }
    }
}
