import ContainerImage

/// An image in the form that `--json` prints.
struct ImageSummary: Encodable {
    /// The image of one platform.
    struct One: Encodable {
        var platform: String
        var digest: String
        var layers: [Descriptor]
        var configuration: Configuration
        var annotations: [String: String]?
        var compressedBytes: Int64
    }

    var digest: String
    var mediaType: String
    var images: [One]

    init(_ image: ImageOrIndex) {
        digest = "\(image.descriptor.digest)"
        mediaType = image.descriptor.mediaType.rawValue
        images = image.images.map { image in
            One(
                platform: "\(image.configuration.platform)", digest: "\(image.descriptor.digest)",
                layers: image.layers.map(\.descriptor), configuration: image.configuration,
                annotations: image.manifest.annotations,
                compressedBytes: image.layers.reduce(image.manifest.config.size) { $0 + $1.descriptor.size })
        }
    }
}
