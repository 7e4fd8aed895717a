/// The number of bits that a weight of a layer takes in a model file.
public enum Precision: Int, Sendable, CaseIterable {
    /// 4 bits in the layers. Embeddings take 8.
    case int4 = 4
    /// 8 bits.
    case int8 = 8
    /// 32 bits, exactly as in the checkpoint.
    case float32 = 32

    /// The number of inputs of one output that lie next to each other in packed weights.
    ///
    /// Four inputs of sixteen outputs fill 64 bytes with 8 bits, and eight inputs with 4 bits.
    public var inputsTogether: Int { self == .int4 ? 8 : 4 }

    /// Rounds a number of inputs up to whole groups, as packed weights need it.
    ///
    /// - Parameter inputs: The number of inputs of a layer.
    /// - Returns: The number of inputs with padding.
    public func padded(_ inputs: Int) -> Int { inputs.roundedUp(to: inputsTogether) }

    /// The order of packed weights, as the file names it.
    enum Packing: String, CaseIterable { case n16k4, n16k8 }

    var packing: Packing { self == .int4 ? .n16k8 : .n16k4 }
}

extension Precision {
    private enum Keys {
        static let bits = MetadataKey.integer("pinson.bits", in: 4...32)
        static let packing = MetadataKey<Packing>.choice("pinson.packing")
    }

    /// Reads the precision from a model file.
    ///
    /// - Parameter file: The file.
    /// - Throws: `ModelFileError` if a key is missing, or if the bits and the packing do not belong together.
    public init(_ file: ModelFile) throws(ModelFileError) {
        let bits = try Keys.bits.value(in: file.metadata)
        guard let precision = Precision(rawValue: bits) else {
            throw .invalid(path: file.path, reason: "'\(Keys.bits.name)' is \(bits), expected 4, 8 or 32")
        }
        let packing = try Keys.packing.value(in: file.metadata)
        guard packing == precision.packing else {
            let expected = precision.packing.rawValue
            throw .invalid(
                path: file.path,
                reason: "'\(Keys.packing.name)' is '\(packing.rawValue)', expected '\(expected)' for \(bits) bits")
        }
        self = precision
    }

    /// The precision as metadata.
    public var entries: [MetadataEntry] { [Keys.bits.entry(rawValue), Keys.packing.entry(packing)] }
}
