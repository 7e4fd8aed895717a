/// Lists the blobs of one image, or of an artifact that is about an image.
///
/// - Source: OCI image-spec 1.1.1, manifest.md.
public struct Manifest: Codable, Hashable, Sendable {
    /// The version of the format, always 2.
    public var schemaVersion = 2
    /// The type of this document.
    public var mediaType: MediaType? = .manifest
    /// The type of an artifact that is not an image.
    public var artifactType: MediaType?
    /// The configuration.
    public var config: Descriptor
    /// The layers, lowest first.
    public var layers: [Descriptor]
    /// The image that an artifact is about.
    public var subject: Descriptor?
    /// Notes for people and tools.
    public var annotations: [String: String]?

    /// Lists the blobs of an image or an artifact.
    ///
    /// - Parameters:
    ///   - config: The configuration.
    ///   - layers: The layers, lowest first.
    ///   - artifactType: The type of an artifact that is not an image.
    ///   - subject: The image that an artifact is about.
    ///   - annotations: Notes for people and tools.
    public init(
        config: Descriptor, layers: [Descriptor], artifactType: MediaType? = nil, subject: Descriptor? = nil,
        annotations: [String: String]? = nil
    ) {
        self.config = config
        self.layers = layers
        self.artifactType = artifactType
        self.subject = subject
        self.annotations = annotations
    }
}
