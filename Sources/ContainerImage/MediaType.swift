/// What a blob or a document is.
///
/// - Source: OCI image-spec 1.1.1, media-types.md, and the Docker types it lists as compatible.
public struct MediaType: RawRepresentable, Hashable, Sendable, Codable {
    public let rawValue: String

    public init(rawValue: String) { self.rawValue = rawValue }

    public static let index = MediaType(rawValue: "application/vnd.oci.image.index.v1+json")
    public static let manifest = MediaType(rawValue: "application/vnd.oci.image.manifest.v1+json")
    public static let configuration = MediaType(rawValue: "application/vnd.oci.image.config.v1+json")
    public static let tar = MediaType(rawValue: "application/vnd.oci.image.layer.v1.tar")
    public static let tarGzip = MediaType(rawValue: "application/vnd.oci.image.layer.v1.tar+gzip")
    public static let tarZstd = MediaType(rawValue: "application/vnd.oci.image.layer.v1.tar+zstd")
    public static let empty = MediaType(rawValue: "application/vnd.oci.empty.v1+json")
    public static let spdx = MediaType(rawValue: "application/spdx+json")

    static let dockerList = MediaType(rawValue: "application/vnd.docker.distribution.manifest.list.v2+json")
    static let dockerManifest = MediaType(rawValue: "application/vnd.docker.distribution.manifest.v2+json")
    static let dockerConfiguration = MediaType(rawValue: "application/vnd.docker.container.image.v1+json")
    static let dockerLayer = MediaType(rawValue: "application/vnd.docker.image.rootfs.diff.tar.gzip")
    static let dockerPlainLayer = MediaType(rawValue: "application/vnd.docker.image.rootfs.diff.tar")

    /// Every document that names others, as an `Accept` header wants it.
    static let documents: [MediaType] = [.manifest, .index, .dockerManifest, .dockerList]

    var isIndex: Bool { self == .index || self == .dockerList }
    var isManifest: Bool { self == .manifest || self == .dockerManifest }

    /// How a layer of this type is compressed, nil if it is no layer known here.
    public var compression: Compression? {
        switch self {
        case .tar, .dockerPlainLayer: Compression.none
        case .tarGzip, .dockerLayer: .gzip
        case .tarZstd: .zstd
        default: nil
        }
    }

    /// The OCI type of the same bytes.
    var asOCI: MediaType {
        switch self {
        case .dockerList: .index
        case .dockerManifest: .manifest
        case .dockerConfiguration: .configuration
        case .dockerLayer: .tarGzip
        case .dockerPlainLayer: .tar
        default: self
        }
    }
}

/// How a layer's tar is compressed.
public enum Compression: String, Sendable, CaseIterable, Codable {
    case none, gzip, zstd
}
