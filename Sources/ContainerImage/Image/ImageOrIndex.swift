import NIOCore

/// What a name may stand for: one image, or one image for each of several platforms.
public enum ImageOrIndex: Sendable {
    /// One image.
    case image(Image)
    /// Images for several platforms.
    case index(ImageIndex)

    /// The image, or the images of the index.
    public var images: [Image] {
        switch self {
        case .image(let image): [image]
        case .index(let index): index.images
        }
    }

    /// Points at the manifest or at the index document.
    public var descriptor: Descriptor {
        switch self {
        case .image(let image): image.descriptor
        case .index(let index): index.descriptor
        }
    }

    /// The manifest or the index document as it is hashed and sent.
    var bytes: ByteBuffer {
        switch self {
        case .image(let image): image.manifestBytes
        case .index(let index): index.bytes
        }
    }

    /// Returns the same without bills of materials.
    public func withoutSBOMs() -> ImageOrIndex {
        switch self {
        case .image(let image): .image(image.detached())
        case .index(let index):
            .index(
                ImageIndex(
                    index.images.map { $0.detached() }, bytes: index.bytes, mediaType: index.mediaType,
                    isWhole: index.isWhole))
        }
    }

    /// Returns the same, with the bill of materials that `find` returns for the digest of each image.
    func withSBOMs(_ find: (Digest) -> Content?) async throws -> ImageOrIndex {
        var left = Document.largestSize  // for all images together
        func attached(_ image: Image) async throws -> Image {
            guard let content = find(image.descriptor.digest) else { return image }
            let sbom = try await content.collect(upTo: left, named: "bill of materials")
            left -= sbom.readableBytes
            return image.attaching(sbom: sbom)
        }
        switch self {
        case .image(let image): return .image(try await attached(image))
        case .index(let index):
            var images: [Image] = []
            for image in index.images { images.append(try await attached(image)) }
            return .index(ImageIndex(images, bytes: index.bytes, mediaType: index.mediaType, isWhole: index.isWhole))
        }
    }

    /// Returns the image for a platform.
    ///
    /// A single image is returned whatever its platform is.
    ///
    /// - Parameter platform: The platform.
    /// - Returns: The first image of the index that runs on the platform.
    /// - Throws: `ContainerImageError.invalid` if the index has no image for the platform.
    public func image(for platform: Platform) throws -> Image {
        if case .image(let image) = self { return image }
        guard let image = images.first(where: { platform.accepts($0.configuration.platform) }) else {
            let platforms = images.map { "\($0.configuration.platform)" }.joined(separator: ", ")
            throw ContainerImageError.invalid(
                what: "the image index", reason: "it has images for \(platforms), but not for \(platform)",
                advice: "Name one of these images by its digest (name@sha256:…); `pinson inspect` prints the digests.")
        }
        return image
    }
}
