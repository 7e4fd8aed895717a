/// Reads the part of a model file before its data, and checks every value against the size of the file.
struct HeaderReader {
    /// The start of a pointer file.
    ///
    /// - Source: Git LFS Specification, "The Pointer".
    private static let lfsPointer = "version https://git-lfs.github.com/spec/".utf8

    let path: String
    let bytes: UnsafeRawBufferPointer
    private var position = 0

    init(path: String, bytes: UnsafeRawBufferPointer) {
        self.path = path
        self.bytes = bytes
    }

    mutating func readPreamble() throws(ModelFileError) -> (tensors: Int, entries: Int) {
        guard bytes.prefix(4).elementsEqual("GGUF".utf8) else {
            throw bytes.starts(with: Self.lfsPointer) ? .lfsPointer(path: path) : .badMagic(path: path)
        }
        position = 4
        let version = try integer(UInt32.self, "the version")
        guard version == 3 else { throw .wrongVersion(path: path, found: version) }
        // A tensor record takes at least 32 bytes and an entry 13, so larger counts cannot be right.
        let tensors = try count("tensors", smallest: 32)
        return (tensors, try count("metadata entries", smallest: 13))
    }

    mutating func readMetadata(count: Int) throws(ModelFileError) -> Metadata {
        var entries: [MetadataEntry] = []
        for _ in 0..<count {
            let key = try string("a metadata key")
            guard (1...65535).contains(key.utf8.count) else { throw .badName(path: path, name: key, limit: 65535) }
            let type = try integer(UInt32.self, "the type of '\(key)'")
            entries.append((key, try value(ofType: type, key: key)))
        }
        return try Metadata(path: path, entries: entries)
    }

    /// Reads the table of tensors.
    ///
    /// - Parameters:
    ///   - count: The number of tensors.
    ///   - mapping: The file's bytes, which the tensors keep alive.
    /// - Returns: The tensors, and the position of the data. Each tensor lies within the file, directly after the one
    ///   before it.
    /// - Throws: `ModelFileError` for the first record that is not valid.
    mutating func readTensors(count: Int, mapping: Mapping) throws(ModelFileError) -> ([Tensor], Int) {
        var records: [(name: String, type: TensorType, shape: [Int], offset: UInt64, byteCount: Int)] = []
        var names: Set<String> = []
        for _ in 0..<count {
            let name = try string("a tensor name")
            guard (1..<64).contains(name.utf8.count) else { throw .badName(path: path, name: name, limit: 63) }
            guard names.insert(name).inserted else { throw .duplicateTensor(path: path, name: name) }
            let rank = try integer(UInt32.self, "the rank of tensor '\(name)'")
            guard (1...4).contains(rank) else { throw .badRank(path: path, name: name, found: rank) }
            var shape: [Int] = []
            for _ in 0..<rank {
                let extent = try integer(UInt64.self, "the shape of tensor '\(name)'")
                guard extent > 0, let extent = Int(exactly: extent) else {
                    throw .shapeOutOfBounds(path: path, name: name)
                }
                shape.insert(extent, at: 0)
            }
            let number = try integer(UInt32.self, "the type of tensor '\(name)'")
            guard let type = TensorType(rawValue: number) else {
                throw .unknownTensorType(path: path, name: name, found: number)
            }
            var byteCount = type.size
            for extent in shape {
                let (product, overflow) = byteCount.multipliedReportingOverflow(by: extent)
                guard !overflow, product <= bytes.count else { throw .shapeOutOfBounds(path: path, name: name) }
                byteCount = product
            }
            records.append((name, type, shape, try integer(UInt64.self, "the offset of tensor '\(name)'"), byteCount))
        }
        return (try place(records, mapping: mapping), dataOffset)
    }

    /// The position of the data, once everything before it has been read.
    private var dataOffset: Int { aligned(position) }

    private func place(
        _ records: [(name: String, type: TensorType, shape: [Int], offset: UInt64, byteCount: Int)], mapping: Mapping
    ) throws(ModelFileError) -> [Tensor] {
        guard dataOffset % ModelFile.pageSize == 0 else { throw .dataNotOnPage(path: path, offset: dataOffset) }
        guard records.isEmpty || dataOffset <= bytes.count else {
            throw .truncated(path: path, reading: "the padding before the data", needed: dataOffset, size: bytes.count)
        }
        var tensors: [Tensor] = []
        var next = 0
        for record in records {
            guard record.offset % UInt64(ModelFile.alignment) == 0 else {
                throw .misalignedTensor(path: path, name: record.name, offset: record.offset)
            }
            guard record.offset == UInt64(next) else {
                throw .tensorOutOfPlace(path: path, name: record.name, found: record.offset, expected: next)
            }
            // This cannot overflow, because no term exceeds the size of the file.
            let end = dataOffset + next + record.byteCount
            guard end <= bytes.count else {
                throw .truncated(path: path, reading: "tensor '\(record.name)'", needed: end, size: bytes.count)
            }
            tensors.append(
                Tensor(
                    name: record.name, type: record.type, shape: record.shape, offset: next,
                    byteCount: record.byteCount, mapping: mapping, dataOffset: dataOffset))
            next = aligned(next + record.byteCount)
        }
        let size = dataOffset + next
        guard bytes.count == size else {
            guard bytes.count > size else {
                throw .truncated(
                    path: path, reading: "the padding after the last tensor", needed: size, size: bytes.count)
            }
            throw .trailingBytes(path: path, expected: size, size: bytes.count)
        }
        return tensors
    }

    private mutating func value(ofType type: UInt32, key: String) throws(ModelFileError) -> MetadataValue {
        let what = "the value of '\(key)'"
        switch type {
        case 0: return .uint8(try integer(UInt8.self, what))
        case 1: return .int8(try integer(Int8.self, what))
        case 2: return .uint16(try integer(UInt16.self, what))
        case 3: return .int16(try integer(Int16.self, what))
        case 4: return .uint32(try integer(UInt32.self, what))
        case 5: return .int32(try integer(Int32.self, what))
        case 6: return .float32(Float(bitPattern: try integer(UInt32.self, what)))
        case 7:
            let byte = try integer(UInt8.self, what)
            guard byte <= 1 else { throw .wrongValueType(path: path, key: key, expected: "a boolean, 0 or 1") }
            return .bool(byte == 1)
        case 8: return .string(try string(what))
        case 9:
            let element = try integer(UInt32.self, "the element type of '\(key)'")
            guard element != 9 else { throw .unknownValueType(path: path, key: key, found: element) }
            let count = try count("elements of '\(key)'", smallest: 1, most: ModelFile.maximumElements)
            var values: [MetadataValue] = []
            for _ in 0..<count { values.append(try value(ofType: element, key: key)) }
            return .array(values)
        case 10: return .uint64(try integer(UInt64.self, what))
        case 11: return .int64(try integer(Int64.self, what))
        case 12: return .float64(Double(bitPattern: try integer(UInt64.self, what)))
        default: throw .unknownValueType(path: path, key: key, found: type)
        }
    }

    private mutating func string(_ what: String) throws(ModelFileError) -> String {
        let count = try count("bytes of \(what)", smallest: 1)
        let slice = UnsafeRawBufferPointer(rebasing: bytes[position..<position + count])
        guard let string = String(validating: slice, as: UTF8.self) else { throw .notUTF8(path: path, reading: what) }
        position += count
        return string
    }

    /// Reads a count of items of at least `smallest` bytes each, which must fit into the rest of the file.
    private mutating func count(_ what: String, smallest: Int, most: Int = .max) throws(ModelFileError) -> Int {
        let count = try integer(UInt64.self, "the number of \(what)")
        let room = bytes.count - position
        guard count <= UInt64(min(room / smallest, most)) else {
            throw .countOutOfBounds(path: path, counting: what, found: count, room: room)
        }
        return Int(count)
    }

    private mutating func integer<T: FixedWidthInteger & BitwiseCopyable>(
        _: T.Type, _ what: @autoclosure () -> String
    ) throws(ModelFileError) -> T {
        let size = MemoryLayout<T>.size
        guard bytes.count - position >= size else {
            throw .truncated(path: path, reading: what(), needed: position + size, size: bytes.count)
        }
        defer { position += size }
        return T(littleEndian: bytes.loadUnaligned(fromByteOffset: position, as: T.self))
    }
}
