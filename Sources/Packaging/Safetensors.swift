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
    private let entries: [String: Entry]
    private let data: Data

    private struct Entry: Decodable {
        var dtype: String
        var shape: [Int]
        var data_offsets: [Int]
    }

    static let longestHeader = 100_000_000

    /// Opens a file and checks its header.
    ///
    /// - Parameter path: The file.
    /// - Throws: `PackagingError` if the file cannot be read or its header is not valid.
    public init(path: String) throws {
        self.path = path
        do {
            data = try Data(contentsOf: URL(fileURLWithPath: path), options: .alwaysMapped)
        } catch {
            throw PackagingError.unreadable(
                path: path, reason: "it is missing, is not a regular file, or you do not have permission to read it")
        }
        func malformed(_ reason: String) -> PackagingError { .malformed(path: path, reason: reason) }
        guard data.count >= 8 else { throw malformed("has \(data.count) bytes, but a safetensors file has at least 8") }
        let length = data.prefix(8).withUnsafeBytes { UInt64(littleEndian: $0.loadUnaligned(as: UInt64.self)) }
        guard length <= UInt64(min(data.count - 8, Self.longestHeader)) else {
            throw malformed("claims a header of \(length) bytes, but the file has \(data.count)")
        }
        let header = data.subdata(in: 8..<8 + Int(length))
        guard let object = try? JSONSerialization.jsonObject(with: header) as? [String: Any] else {
            throw malformed("has a header that is not a JSON object")
        }
        metadata = object["__metadata__"] as? [String: String] ?? [:]
        var entries: [String: Entry] = [:]
        let dataCount = data.count - 8 - Int(length)
        for (name, value) in object where name != "__metadata__" {
            guard let value = value as? [String: Any], let dtype = value["dtype"] as? String,
                let shape = value["shape"] as? [Int],
                let offsets = value["data_offsets"] as? [Int], offsets.count == 2, shape.allSatisfy({ $0 >= 0 })
            else {
                throw malformed("has a header entry for the tensor '\(name)' that is not {dtype, shape, data_offsets}")
            }
            guard offsets[0] >= 0, offsets[0] <= offsets[1], offsets[1] <= dataCount else {
                throw malformed(
                    "places the tensor '\(name)' at bytes \(offsets[0])..<\(offsets[1]), but the data has \(dataCount)")
            }
            entries[name] = Entry(dtype: dtype, shape: shape, data_offsets: offsets)
        }
        self.entries = entries
        names = entries.keys.sorted()
    }

    /// Whether the file has an array.
    ///
    /// - Parameter name: The array's name.
    /// - Returns: True if there is an array with this name.
    public func contains(_ name: String) -> Bool { entries[name] != nil }

    /// The shape of an array, or nil if there is none with this name.
    ///
    /// - Parameter name: The array's name.
    /// - Returns: The extents, outermost first.
    public func shape(of name: String) -> [Int]? { entries[name]?.shape }

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
        guard let entry = entries[name] else { throw PackagingError.missingTensor(path: path, name: name) }
        if let shape, entry.shape != shape {
            throw PackagingError.shapeMismatch(path: path, name: name, found: entry.shape, expected: shape)
        }
        let start = data.count - dataCount + entry.data_offsets[0]
        let bytes = data[
            data.startIndex + start..<data.startIndex + start + entry.data_offsets[1] - entry.data_offsets[0]]
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

    private var dataCount: Int {
        data.count - 8 - Int(data.prefix(8).withUnsafeBytes { UInt64(littleEndian: $0.loadUnaligned(as: UInt64.self)) })
    }
}
