import Foundation

/// One safetensors file: named arrays, mapped, read as float32 one at a time.
///
/// Layout: u64 length of the header, a JSON object name → {dtype, shape, data_offsets}, then the data, row-major.
///
/// - Source: huggingface/safetensors README, "Format".
public struct Safetensors {
    public let path: String
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

    public init(path: String) throws {
        self.path = path
        do {
            data = try Data(contentsOf: URL(fileURLWithPath: path), options: .alwaysMapped)
        } catch {
            throw PackagingError.unreadable(path: path, reason: error.localizedDescription)
        }
        func malformed(_ reason: String) -> PackagingError { .malformed(path: path, reason: reason) }
        guard data.count >= 8 else { throw malformed("it has \(data.count) bytes, a safetensors file has at least 8") }
        let length = data.prefix(8).withUnsafeBytes { UInt64(littleEndian: $0.loadUnaligned(as: UInt64.self)) }
        guard length <= UInt64(min(data.count - 8, Self.longestHeader)) else {
            throw malformed("its header claims \(length) bytes, the file has \(data.count)")
        }
        let header = data.subdata(in: 8..<8 + Int(length))
        guard let object = try? JSONSerialization.jsonObject(with: header) as? [String: Any] else {
            throw malformed("its header is not a JSON object")
        }
        metadata = object["__metadata__"] as? [String: String] ?? [:]
        var entries: [String: Entry] = [:]
        let dataCount = data.count - 8 - Int(length)
        for (name, value) in object where name != "__metadata__" {
            guard let value = value as? [String: Any], let dtype = value["dtype"] as? String,
                let shape = value["shape"] as? [Int],
                let offsets = value["data_offsets"] as? [Int], offsets.count == 2, shape.allSatisfy({ $0 >= 0 })
            else { throw malformed("the header entry of tensor '\(name)' is not {dtype, shape, data_offsets}") }
            guard offsets[0] >= 0, offsets[0] <= offsets[1], offsets[1] <= dataCount else {
                throw malformed("tensor '\(name)' lies at bytes \(offsets[0])..<\(offsets[1]) of \(dataCount)")
            }
            entries[name] = Entry(dtype: dtype, shape: shape, data_offsets: offsets)
        }
        self.entries = entries
        names = entries.keys.sorted()
    }

    public func contains(_ name: String) -> Bool { entries[name] != nil }

    public func shape(of name: String) -> [Int]? { entries[name]?.shape }

    /// The elements of `name` as float32, row-major; F32, F16, BF16 and the integers of 32 bits are converted exactly
    /// (integers up to 2^24).
    ///
    /// - Parameter shape: what it must be; nil takes it as it is.
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
                throw PackagingError.malformed(path: path, reason: "tensor '\(name)' is larger than its bytes")
            }
            count = product
        }
        func elements<T: BitwiseCopyable>(_: T.Type, _ convert: (T) -> Float) throws -> [Float] {
            guard bytes.count == count * MemoryLayout<T>.size else {
                throw PackagingError.malformed(
                    path: path,
                    reason: "tensor '\(name)' has \(bytes.count) bytes for \(count) elements of \(entry.dtype)")
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

/// The value of an IEEE 754 binary16.
func float(half bits: UInt16) -> Float {
    let sign = UInt32(bits & 0x8000) << 16
    let exponent = UInt32(bits >> 10 & 0x1F)
    let fraction = UInt32(bits & 0x3FF)
    switch exponent {
    case 0: return Float(bitPattern: sign) + (sign == 0 ? 1 : -1) * Float(fraction) * 0x1p-24
    case 31: return Float(bitPattern: sign | 0x7F80_0000 | fraction << 13)
    default: return Float(bitPattern: sign | (exponent + 112) << 23 | fraction << 13)
    }
}
