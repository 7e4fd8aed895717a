/// Points at a blob: what it is, how long, and its digest.
///
/// - Source: OCI image-spec 1.1.1, descriptor.md.
public struct Descriptor: Codable, Hashable, Sendable {
    public var mediaType: MediaType
    public var digest: Digest
    /// Bytes, as stored.
    public var size: Int64
    public var platform: Platform?
    public var artifactType: MediaType?
    public var annotations: [String: String]?

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

    /// Sixteen terabytes: more than any blob has, and few enough that sums of them fit.
    static let largestSize: Int64 = 1 << 44

    static let referenceName = "org.opencontainers.image.ref.name"
}

extension Descriptor {
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
                forKey: .size, in: container, debugDescription: "\(size) bytes is no size of a blob")
        }
    }
}

/// What a binary runs on, `linux/arm64/v8` in short.
public struct Platform: Codable, Hashable, Sendable, CustomStringConvertible {
    public var architecture: String
    public var os: String
    public var variant: String?

    public init(architecture: String, os: String = "linux", variant: String? = nil) {
        self.architecture = architecture
        self.os = os
        self.variant = variant
    }

    public static let amd64 = Platform(architecture: "amd64")
    public static let arm64 = Platform(architecture: "arm64")

    /// That of this process.
    public static var current: Platform {
        #if arch(arm64)
            .arm64
        #else
            .amd64
        #endif
    }

    public var description: String { [os, architecture, variant].compactMap { $0 }.joined(separator: "/") }

    /// Whether an image for `other` runs here; a variant counts only if both have one.
    func accepts(_ other: Platform) -> Bool {
        os == other.os && architecture == other.architecture
            && (variant == nil || other.variant == nil || variant == other.variant)
    }
}
