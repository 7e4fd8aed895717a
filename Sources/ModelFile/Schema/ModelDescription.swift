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
    /// The languages of the texts that the model reads, as codes such as `en`.
    public var languages: [String] = []
    /// The digest of the header, which holds the digests of all tensors and so identifies the model.
    public var headerDigest: String?

    /// Creates a description that states nothing.
    public init() {}

    /// Reads GGUF's standard keys, where a file has them.
    ///
    /// - Parameter metadata: The file's metadata.
    public init(_ metadata: Metadata) {
        name = try? metadata.string(Self.nameKey)
        version = try? metadata.string(Self.versionKey)
        text = try? metadata.string(Self.textKey)
        source = try? metadata.string(Self.sourceKey)
        license = try? metadata.string(Self.licenseKey)
        languages = (try? metadata.strings(Self.languagesKey)) ?? []
        headerDigest = try? metadata.string(ModelFile.headerDigestKey)
    }

    /// The description as metadata, without the name and the digest, which every file has.
    public var entries: [MetadataEntry] {
        let texts = [
            (Self.versionKey, version), (Self.textKey, text), (Self.sourceKey, source), (Self.licenseKey, license),
        ]
        let entries: [MetadataEntry] = texts.compactMap { key, value in value.map { (key, .string($0)) } }
        guard !languages.isEmpty else { return entries }
        return entries + [(Self.languagesKey, .array(languages.map { .string($0) }))]
    }

    private static let nameKey = "general.name"
    private static let versionKey = "general.version"
    private static let textKey = "general.description"
    private static let sourceKey = "general.source.url"
    private static let licenseKey = "general.license"
    private static let languagesKey = "general.languages"
}
