import Foundation

/// A safetensors file: named arrays, which are mapped and read as float32 one at a time.
///
/// The file starts with a u64, the length of the header. The header is a JSON object from names to {dtype, shape,
/// data_offsets}. The data follows, row-major.
///
/// - Source: huggingface/safetensors README, "Format".
public struct Safetensors {
    /// The path that the file was opened with.
    public let path: String
    /// The names of the arrays, sorted.
    public let names: [String]
    /// The strings under `__metadata__`.
    public let metadata: [String: String]
    /// The arrays by the bytes of their names.
    private let entries: [[UInt8]: SafetensorsHeader.Entry]
    /// The bytes after the header.
    private let data: Data

    /// Opens a file and checks its header.
    ///
    /// - Parameter path: The file.
    /// - Throws: `PackagingError` if the file cannot be read or its header is not valid.
    public init(path: String) throws {
        self.path = path
        try CheckpointFile.check(path)
        guard let file = try? Data(contentsOf: URL(fileURLWithPath: path), options: .alwaysMapped) else {
            throw PackagingError.unreadable(path: path, reason: "the system does not map it into memory")
        }
        let header = try SafetensorsHeader(path: path, file)
        data = file.suffix(from: file.startIndex + header.length)
        metadata = header.metadata
        names = header.entries.map(\.name).sorted()
        entries = Dictionary(header.entries.map { (Array($0.name.utf8), $0) }) { $1 }
    }

    private func entry(_ name: String) -> SafetensorsHeader.Entry? { entries[Array(name.utf8)] }

    /// Whether the file has an array.
    ///
    /// - Parameter name: The array's name.
    /// - Returns: True if there is an array with this name.
    public func contains(_ name: String) -> Bool { entry(name) != nil }

    /// Whether an array has floating-point numbers.
    ///
    /// - Parameter name: The array's name.
    /// - Returns: True for F32, F16 and BF16.
    public func isFloat(_ name: String) -> Bool {
        entry(name).map { ["F32", "F16", "BF16"].contains($0.dtype) } ?? false
    }

    /// The shape of an array, or nil if there is none with this name.
    ///
    /// - Parameter name: The array's name.
    /// - Returns: The extents, outermost first.
    public func shape(of name: String) -> [Int]? { entry(name)?.shape }

    /// Reads an array as float32.
    ///
    /// F32, F16 and BF16 are converted exactly, and integers of 32 bits up to 2^24.
    ///
    /// - Parameters:
    ///   - name: The array's name.
    ///   - shape: The shape that it must have, or nil for any.
    /// - Returns: The elements, row-major.
    /// - Throws: `PackagingError` if the array is missing, has another shape or type, or is larger than its bytes.
    public func floats(_ name: String, shape: [Int]? = nil) throws -> [Float] {
        guard let entry = entry(name) else { throw PackagingError.missingTensor(path: path, name: name) }
        if let shape, entry.shape != shape {
            throw PackagingError.shapeMismatch(path: path, name: name, found: entry.shape, expected: shape)
        }
        let bytes = data[data.startIndex + entry.bytes.lowerBound..<data.startIndex + entry.bytes.upperBound]
        var count = 1
        for extent in entry.shape {
            let (product, overflow) = count.multipliedReportingOverflow(by: extent)
            guard !overflow, product <= bytes.count || product == 0 else {
                throw PackagingError.malformed(
                    path: path, reason: "has a shape for the tensor '\(name)' that is larger than its bytes")
            }
            count = product
        }
        func elements<T: BitwiseCopyable>(_: T.Type, _ convert: (T) -> Float) throws -> [Float] {
            guard bytes.count == count * MemoryLayout<T>.size else {
                throw PackagingError.malformed(
                    path: path,
                    reason:
                        "has \(bytes.count) bytes for the \(count) elements of type \(entry.dtype) of the tensor '\(name)'"
                )
            }
            return bytes.withUnsafeBytes { raw in
                (0..<count).map { convert(raw.loadUnaligned(fromByteOffset: $0 * MemoryLayout<T>.size, as: T.self)) }
            }
        }
        switch entry.dtype {
        case "F32": return try elements(UInt32.self) { Float(bitPattern: UInt32(littleEndian: $0)) }
        case "F16": return try elements(UInt16.self) { float(half: UInt16(littleEndian: $0)) }
        case "BF16": return try elements(UInt16.self) { Float(bitPattern: UInt32(UInt16(littleEndian: $0)) << 16) }
        case "I32": return try elements(Int32.self) { Float(Int32(littleEndian: $0)) }
        default:
            throw PackagingError.unsupported(
                path: path, what: "the type of tensor '\(name)'", found: entry.dtype, expected: "F32, F16, BF16")
        }
    }
}
