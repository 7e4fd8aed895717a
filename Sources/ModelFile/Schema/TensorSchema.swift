/// A tensor as a family declares it: its name, element type and shape.
public struct TensorSchema: Sendable, Equatable {
    /// The tensor's name in the file.
    public let name: String
    /// The type of its elements.
    public let type: TensorType
    /// The extents, outermost first.
    public let shape: [Int]

    /// Declares a tensor.
    ///
    /// - Parameters:
    ///   - name: The tensor's name in the file, 1 to 63 bytes.
    ///   - type: The type of its elements.
    ///   - shape: One to four extents, outermost first.
    public init(_ name: String, _ type: TensorType, _ shape: [Int]) {
        self.name = name
        self.type = type
        self.shape = shape
    }

    /// The size of all elements, in bytes.
    public var byteCount: Int { shape.reduce(type.size, *) }
}
