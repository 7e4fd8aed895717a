/// Lists the manifests of several images, usually one for each platform.
///
/// - Source: OCI image-spec 1.1.1, image-index.md.
public struct Index: Codable, Hashable, Sendable {
    /// The version of the format, always 2.
    public var schemaVersion = 2
    /// The type of this document.
    public var mediaType: MediaType? = .index
    /// The manifests.
    public var manifests: [Descriptor]
    /// Notes for people and tools.
    public var annotations: [String: String]?

    /// The largest number of manifests that are read; an image for ten platforms has 20, with those of attestations.
    static let mostManifests = 200

    /// Lists manifests.
    ///
    /// - Parameters:
    ///   - manifests: The manifests.
    ///   - annotations: Notes for people and tools.
    public init(manifests: [Descriptor], annotations: [String: String]? = nil) {
        self.manifests = manifests
        self.annotations = annotations
    }
}
