/// The element types that a model file may hold, with their GGUF numbers.
public enum TensorType: UInt32, Sendable, CaseIterable, CustomStringConvertible {
    /// Floating-point numbers of 32 bits.
    case float32 = 0
    /// Signed integers of 8 bits.
    case int8 = 24
    /// Signed integers of 32 bits.
    case int32 = 26

    /// The size of one element, in bytes.
    public var size: Int {
        switch self {
        case .float32, .int32: 4
        case .int8: 1
        }
    }

    /// GGUF's name for the type, such as `F32`.
    public var description: String {
        switch self {
        case .float32: "F32"
        case .int8: "I8"
        case .int32: "I32"
        }
    }
}

/// A named array in a model file, which stays where it is in the mapped file.
public struct Tensor: Sendable {
    /// The tensor's name.
    public let name: String
    /// The type of its elements.
    public let type: TensorType
    /// The extents, outermost first as in row-major C.
    ///
    /// GGUF stores them in the opposite order.
    public let shape: [Int]
    /// The position of the first byte, in bytes from the start of the data.
    public let offset: Int
    /// The size of all elements, in bytes.
    public let byteCount: Int

    let mapping: Mapping
    let dataOffset: Int

    /// The same tensor with another name.
    func renamed(_ name: String) -> Tensor {
        Tensor(
            name: name, type: type, shape: shape, offset: offset, byteCount: byteCount, mapping: mapping,
            dataOffset: dataOffset)
    }

    /// The bytes of the elements, aligned to 64 bytes.
    ///
    /// They are valid while this tensor or its file exists.
    public var bytes: UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(rebasing: mapping.bytes[dataOffset + offset..<dataOffset + offset + byteCount])
    }

    /// The elements as values of type `T`.
    ///
    /// - Parameter type: A type of the same size as an element of this tensor. Another size stops the program.
    /// - Returns: The elements, which are valid while this tensor or its file exists.
    public func elements<T: BitwiseCopyable>(as type: T.Type) -> UnsafeBufferPointer<T> {
        precondition(MemoryLayout<T>.size == self.type.size)
        return bytes.bindMemory(to: T.self)
    }

    /// Whether all elements are finite numbers, as integers always are.
    var isFinite: Bool { type != .float32 || elements(as: Float.self).allSatisfy(\.isFinite) }
}
