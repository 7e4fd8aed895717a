/// Points at a blob by its type, its size and its digest.
///
/// - Source: OCI image-spec 1.1.1, descriptor.md.
public struct Descriptor: Codable, Hashable, Sendable {
    /// What the blob is.
    public var mediaType: MediaType
    /// The digest of the bytes as they are stored.
    public var digest: Digest
    /// The number of bytes as they are stored.
    public var size: Int64
    /// The platform of an image in an index.
    public var platform: Platform?
    /// The type of an artifact whose manifest this points at.
    public var artifactType: MediaType?
    /// Notes for people and tools.
    public var annotations: [String: String]?

    /// Describes a blob.
    ///
    /// - Parameters:
    ///   - mediaType: What the blob is.
    ///   - digest: The digest of the bytes as they are stored.
    ///   - size: The number of bytes as they are stored.
    ///   - platform: The platform of an image in an index.
    ///   - artifactType: The type of an artifact whose manifest this points at.
    ///   - annotations: Notes for people and tools.
    public init(
        mediaType: MediaType, digest: Digest, size: Int64, platform: Platform? = nil, artifactType: MediaType? = nil,
        annotations: [String: String]? = nil
    ) {
        self.mediaType = mediaType
        self.digest = digest
        self.size = size
        self.platform = platform
        self.artifactType = artifactType
        self.annotations = annotations
    }

    /// The largest size that is accepted, 16 TiB: more than any blob has, and small enough that sums do not overflow.
    static let largestSize: Int64 = 1 << 44

    /// The annotation that gives an image in a layout its name.
    static let referenceName = "org.opencontainers.image.ref.name"
}

extension Descriptor {
    /// Decodes a descriptor.
    ///
    /// - Parameter decoder: The decoder to read from.
    /// - Throws: `DecodingError` if a field is missing or the size is negative or too large.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        mediaType = try container.decode(MediaType.self, forKey: .mediaType)
        digest = try container.decode(Digest.self, forKey: .digest)
        size = try container.decode(Int64.self, forKey: .size)
        platform = try container.decodeIfPresent(Platform.self, forKey: .platform)
        artifactType = try container.decodeIfPresent(MediaType.self, forKey: .artifactType)
        annotations = try container.decodeIfPresent([String: String].self, forKey: .annotations)
        guard (0...Self.largestSize).contains(size) else {
            throw DecodingError.dataCorruptedError(
                forKey: .size, in: container, debugDescription: "\(size) is not a valid size of a blob in bytes")
        }
    }
}
