/// The element types a model file may hold, with their GGUF numbers.
public enum TensorType: UInt32, Sendable, CaseIterable, CustomStringConvertible {
    case float32 = 0
    case int8 = 24
    case int32 = 26

    /// Bytes of one element.
    public var size: Int {
        switch self {
        case .float32, .int32: 4
        case .int8: 1
        }
    }

    public var description: String {
        switch self {
        case .float32: "F32"
        case .int8: "I8"
        case .int32: "I32"
        }
    }
}

/// One named array in a model file, lying in the mapping.
public struct Tensor: Sendable {
    public let name: String
    public let type: TensorType
    /// Outermost extent first, as in row-major C; GGUF writes them the other way round.
    public let shape: [Int]
    /// From the start of the data.
    public let offset: Int
    public let byteCount: Int

    let mapping: Mapping
    let dataOffset: Int

    /// The elements, 64-byte aligned; valid while this tensor or its file lives.
    public var bytes: UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(rebasing: mapping.bytes[dataOffset + offset..<dataOffset + offset + byteCount])
    }

    /// The elements as `T`.
    ///
    /// - Precondition: `T` has the size of this tensor's element type.
    public func elements<T: BitwiseCopyable>(as: T.Type) -> UnsafeBufferPointer<T> {
        precondition(MemoryLayout<T>.size == type.size)
        return bytes.bindMemory(to: T.self)
    }
}
