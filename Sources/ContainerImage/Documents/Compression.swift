/// How the tar of a layer is compressed.
public enum Compression: String, Sendable, CaseIterable, Codable {
    /// The tar is stored as it is.
    case none
    /// The tar is compressed with gzip.
    case gzip
    /// The tar is compressed with Zstandard. Such layers can be copied, but not unpacked or built.
    case zstd
}
