/// A model in one memory-mapped file, in a strict subset of GGUF version 3.
///
/// Opening maps the file and checks every count, name, shape and offset against its size; no weight is read,
/// copied or unpacked. What is found wrong is named by a `ModelFileError`; nothing in a file can crash a reader.
///
/// # File format
/// Little-endian throughout; a string is a `u64` length and so many bytes of UTF-8.
/// ```
/// 0    4   "GGUF"
/// 4    u32 version, 3
/// 8    u64 number of tensors
/// 16   u64 number of metadata entries
/// 24       each entry: string key, u32 type, value               (see `MetadataValue`)
///          each tensor: string name, u32 rank 1...4, u64 extents innermost first, u32 type (see `TensorType`),
///          u64 offset from the start of the data
///          zeros up to a multiple of `general.alignment` (64): the start of the data, here a page boundary too
///          each tensor's bytes in the order of the table, each followed by zeros up to a multiple of 64
/// ```
/// Beyond GGUF: `general.architecture` is `pinson` and `pinson.format_version` is 1. `pinson.tensor_sha256` holds the
/// digest of each tensor and `pinson.header_sha256` that of everything before the data, with its own 64 digits as `0`;
/// `Packaging` checks them.
///
/// - Source: ggml `docs/gguf.md`, version 3.
public struct ModelFile: Sendable {
    /// The version of the keys and tensors under `pinson.`, which this reader understands.
    public static let formatVersion: UInt32 = 1
    public static let alignment = 64
    static let pageSize = 4096

    public let path: String
    public let metadata: Metadata
    /// In file order.
    public let tensors: [Tensor]
    /// Where the data of the first tensor starts, in bytes from the start of the file.
    public let dataOffset: Int
    /// Whether the file is mapped, or was read into memory because it could not be.
    public var isMapped: Bool { mapping.isMapped }

    let mapping: Mapping
    private let tensorIndex: [String: Int]

    /// Opens the file at `path`.
    ///
    /// - Throws: the first thing found wrong.
    /// - Complexity: O(metadata entries + tensors); touches the header's pages only.
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

    /// The whole file, as it lies on disk.
    public func withBytes<R>(_ body: (UnsafeRawBufferPointer) throws -> R) rethrows -> R {
        try withExtendedLifetime(mapping) { try body(mapping.bytes) }
    }

    public func tensor(named name: String) -> Tensor? {
        tensorIndex[name].map { tensors[$0] }
    }

    /// The tensor `name`, which must have this type and shape.
    ///
    /// - Parameter shape: outermost extent first.
    public func tensor(_ name: String, _ type: TensorType, shape: [Int]) throws(ModelFileError) -> Tensor {
        guard let tensor = tensor(named: name) else { throw .missingTensor(path: path, name: name) }
        guard tensor.type == type else {
            throw .wrongTensorType(path: path, name: name, found: tensor.type, expected: type)
        }
        guard tensor.shape == shape else {
            throw .shapeMismatch(path: path, name: name, found: tensor.shape, expected: shape)
        }
        return tensor
    }

    /// What every Pinson model says of itself, before anything else in it is believed.
    private static func check(_ metadata: Metadata, path: String) throws(ModelFileError) {
        let architecture = try metadata.string("general.architecture")
        guard architecture == "pinson" else { throw .wrongArchitecture(path: path, found: architecture) }
        let version = try metadata.integer("pinson.format_version", in: 0...Int(UInt32.max))
        guard version == formatVersion else { throw .wrongFormatVersion(path: path, found: version) }
        let alignment = try metadata.integer("general.alignment", in: 0...Int(UInt32.max))
        guard alignment == Self.alignment else { throw .wrongAlignment(path: path, found: alignment) }
    }
}
