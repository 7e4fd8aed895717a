/// The type of a blob or a document.
///
/// - Source: OCI image-spec 1.1.1, media-types.md, and the Docker types that it lists as compatible.
public struct MediaType: RawRepresentable, Hashable, Sendable, Codable {
    /// The type as documents and HTTP headers write it.
    public let rawValue: String

    /// Any type, known or not.
    ///
    /// - Parameter rawValue: The type as documents and HTTP headers write it.
    public init(rawValue: String) { self.rawValue = rawValue }

    /// An index of images.
    public static let index = MediaType(rawValue: "application/vnd.oci.image.index.v1+json")
    /// The manifest of an image or an artifact.
    public static let manifest = MediaType(rawValue: "application/vnd.oci.image.manifest.v1+json")
    /// The configuration of an image.
    public static let configuration = MediaType(rawValue: "application/vnd.oci.image.config.v1+json")
    /// A layer that is not compressed.
    public static let tar = MediaType(rawValue: "application/vnd.oci.image.layer.v1.tar")
    /// A layer that is compressed with gzip.
    public static let tarGzip = MediaType(rawValue: "application/vnd.oci.image.layer.v1.tar+gzip")
    /// A layer that is compressed with Zstandard.
    public static let tarZstd = MediaType(rawValue: "application/vnd.oci.image.layer.v1.tar+zstd")
    /// The empty JSON object, the configuration of an artifact that has none.
    public static let empty = MediaType(rawValue: "application/vnd.oci.empty.v1+json")
    /// A bill of materials in the JSON form of SPDX.
    public static let spdx = MediaType(rawValue: "application/spdx+json")

    static let dockerList = MediaType(rawValue: "application/vnd.docker.distribution.manifest.list.v2+json")
    static let dockerManifest = MediaType(rawValue: "application/vnd.docker.distribution.manifest.v2+json")
    static let dockerConfiguration = MediaType(rawValue: "application/vnd.docker.container.image.v1+json")
    static let dockerLayer = MediaType(rawValue: "application/vnd.docker.image.rootfs.diff.tar.gzip")
    static let dockerPlainLayer = MediaType(rawValue: "application/vnd.docker.image.rootfs.diff.tar")

    /// The types of documents that name other blobs, for an `Accept` header.
    static let documents: [MediaType] = [.manifest, .index, .dockerManifest, .dockerList]

    var isIndex: Bool { self == .index || self == .dockerList }
    var isManifest: Bool { self == .manifest || self == .dockerManifest }

    /// How a layer of this type is compressed, or nil if this is not a known type of layer.
    public var compression: Compression? {
        switch self {
        case .tar, .dockerPlainLayer: Compression.none
        case .tarGzip, .dockerLayer: .gzip
        case .tarZstd: .zstd
        default: nil
        }
    }

    /// The OCI type for the same bytes.
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
