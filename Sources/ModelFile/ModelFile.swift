/// A model in one memory-mapped file, in a strict subset of GGUF version 3.
///
/// Opening a file maps it and checks every count, name, shape and offset against the size of the file. No weight is
/// read, copied or unpacked. The first problem is thrown as a `ModelFileError`; no file can crash the reader.
///
/// # File format
/// All numbers are little-endian. A string is a `u64` length and that many bytes of UTF-8.
/// ```
/// 0    4   "GGUF"
/// 4    u32 version, 3
/// 8    u64 number of tensors
/// 16   u64 number of metadata entries
/// 24       each entry: string key, u32 type, value               (see `MetadataValue`)
///          each tensor: string name, u32 rank 1...4, u64 extents innermost first, u32 type (see `TensorType`),
///          u64 offset from the start of the data
///          zeros up to a multiple of `general.alignment` (64), which is the start of the data and also a page boundary
///          each tensor's bytes in the order of the table, each followed by zeros up to a multiple of 64
/// ```
/// Beyond GGUF, `general.architecture` is `pinson` and `pinson.format_version` is 2. `pinson.tensor_sha256` holds the
/// digest of each tensor. `pinson.header_sha256` is the digest of everything before the data, computed with 64 zeros in
/// its own place. The other keys and the tensors are defined by the types in `Schema`.
///
/// - Source: ggml `docs/gguf.md`, version 3.
public struct ModelFile: Sendable {
    /// The version of the keys and tensors under `pinson.` that this reader understands.
    public static let formatVersion: UInt32 = 2
    /// Each tensor starts at a multiple of this many bytes.
    public static let alignment = 64
    /// The most elements of a metadata array.
    ///
    /// Arrays hold labels, special tokens and digests; larger data belongs in tensors.
    public static let maximumElements = 65536
    /// The data begins at a multiple of this many bytes.
    public static let pageSize = 4096

    /// The path that the file was opened with.
    public let path: String
    /// The keys and values in the header.
    public let metadata: Metadata
    /// The tensors, in file order.
    public let tensors: [Tensor]
    /// The position of the data, in bytes from the start of the file.
    public let dataOffset: Int
    /// Whether the file is mapped.
    ///
    /// It is read into memory where it cannot be mapped.
    public var isMapped: Bool { mapping.isMapped }

    let mapping: Mapping
    private let tensorIndex: [String: Int]

    /// Opens a model file.
    ///
    /// - Parameter path: The file.
    /// - Throws: `ModelFileError` for the first problem that is found.
    /// - Complexity: O(metadata entries + tensors). Only the pages of the header are touched.
    public init(path: String) throws(ModelFileError) {
        let mapping = try Mapping(path: path)
        var header = HeaderReader(path: path, bytes: mapping.bytes)
        let (tensorCount, entryCount) = try header.readPreamble()
        metadata = try header.readMetadata(count: entryCount)
        try Self.check(metadata, path: path)
        (tensors, dataOffset) = try header.readTensors(count: tensorCount, mapping: mapping)
        tensorIndex = Dictionary(uniqueKeysWithValues: tensors.enumerated().map { ($1.name, $0) })
        self.path = path
        self.mapping = mapping
    }

    /// Creates a view of a file that has only some of its keys and tensors.
    init(path: String, metadata: Metadata, tensors: [Tensor], dataOffset: Int, mapping: Mapping) {
        (self.path, self.metadata, self.tensors) = (path, metadata, tensors)
        (self.dataOffset, self.mapping) = (dataOffset, mapping)
        tensorIndex = Dictionary(uniqueKeysWithValues: tensors.enumerated().map { ($1.name, $0) })
    }

    /// Calls `body` with the bytes of the whole file.
    ///
    /// - Parameter body: Reads the bytes, which are valid until it returns.
    /// - Returns: The result of `body`.
    /// - Throws: The error that `body` throws.
    public func withBytes<R>(_ body: (UnsafeRawBufferPointer) throws -> R) rethrows -> R {
        try withExtendedLifetime(mapping) { try body(mapping.bytes) }
    }

    /// The tensor with this name, or nil if the file does not have it.
    ///
    /// - Parameter name: The tensor's name.
    /// - Returns: The tensor as it is in the file.
    public func tensor(named name: String) -> Tensor? {
        tensorIndex[name].map { tensors[$0] }
    }

    /// The tensor that `schema` declares.
    ///
    /// - Parameter schema: The name, type and shape that the tensor must have.
    /// - Returns: The tensor.
    /// - Throws: `ModelFileError` if the tensor is missing or has another type or shape.
    public func tensor(_ schema: TensorSchema) throws(ModelFileError) -> Tensor {
        guard let tensor = tensor(named: schema.name) else { throw .missingTensor(path: path, name: schema.name) }
        guard tensor.type == schema.type else {
            throw .wrongTensorType(path: path, name: schema.name, found: tensor.type, expected: schema.type)
        }
        guard tensor.shape == schema.shape else {
            throw .shapeMismatch(path: path, name: schema.name, found: tensor.shape, expected: schema.shape)
        }
        return tensor
    }

    /// Checks the keys that decide whether this build can read the rest of the file.
    private static func check(_ metadata: Metadata, path: String) throws(ModelFileError) {
        let architecture = try metadata.string("general.architecture")
        guard architecture == "pinson" else { throw .wrongArchitecture(path: path, found: architecture) }
        let version = try metadata.integer("pinson.format_version", in: 0...Int(UInt32.max))
        guard version == formatVersion else { throw .wrongFormatVersion(path: path, found: version) }
        let alignment = try metadata.integer("general.alignment", in: 0...Int(UInt32.max))
        guard alignment == Self.alignment else { throw .wrongAlignment(path: path, found: alignment) }
    }
}
