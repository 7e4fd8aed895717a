/// Facts about a model that are shown to people, where its file states them.
public struct ModelDescription: Sendable, Equatable {
    /// The model's name.
    public var name: String?
    /// The model's version.
    public var version: String?
    /// What the model is.
    public var text: String?
    /// The address of the model's source.
    public var source: String?
    /// The licence, as an SPDX identifier.
    public var license: String?
    /// The digest of the header, which holds the digests of all tensors and so identifies the model.
    public var headerDigest: String?

    /// Reads GGUF's standard keys, where a file has them.
    ///
    /// - Parameter metadata: The file's metadata.
    public init(_ metadata: Metadata) {
        func text(_ key: String) -> String? {
            guard case .string(let value)? = metadata[key] else { return nil }
            return value
        }
        name = text("general.name")
        version = text("general.version")
        self.text = text("general.description")
        source = text("general.source.url")
        license = text("general.license")
        headerDigest = text(ModelFile.headerDigestKey)
    }
}
