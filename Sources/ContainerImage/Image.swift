public import NIOCore

/// A container image: an immutable value, whose every change is another image.
///
/// Sources make one (`scratch`, ``Layout``, ``Archive``, ``Registry``), sinks take one (the same three). Layers are read
/// when they are written somewhere, never held.
public struct Image: Sendable {
    public let manifest: Manifest
    public let configuration: Configuration
    public let layers: [Layer]
    /// The documents as they are hashed and sent.
    let manifestBytes: ByteBuffer
    let configurationBytes: ByteBuffer
    /// A bill of materials about exactly this image, as SPDX; it travels beside the image, not in it.
    public private(set) var sbom: ByteBuffer?

    /// An image without layers.
    public static func scratch(_ platform: Platform) throws -> Image {
        try Image(
            Configuration(
                architecture: platform.architecture, os: platform.os, variant: platform.variant,
                rootfs: .init(diffIDs: []), history: []),
            layers: [], annotations: nil)
    }

    /// An image as it was stored; the documents have been verified.
    init(
        manifestBytes: ByteBuffer, configurationBytes: ByteBuffer, named name: String, layer: (Descriptor) -> Content,
        origin: Reference? = nil
    ) throws {
        self.manifestBytes = manifestBytes
        self.configurationBytes = configurationBytes
        manifest = try Document.decode(Manifest.self, from: manifestBytes, named: name)
        configuration = try Document.decode(Configuration.self, from: configurationBytes, named: name)
        let steps = (configuration.history ?? []).filter { $0.emptyLayer != true }
        let diffIDs = configuration.rootfs.diffIDs
        guard diffIDs.count == manifest.layers.count else {
            throw ContainerImageError.invalid(
                what: name,
                reason: "it names \(manifest.layers.count) layers, and its configuration \(diffIDs.count)",
                advice: "Build it again.")
        }
        layers = zip(manifest.layers, diffIDs).enumerated().map { index, pair in
            Layer(
                descriptor: pair.0, diffID: pair.1, content: layer(pair.0).verified(pair.0),
                createdBy: index < steps.count ? steps[index].createdBy ?? "" : "", origin: origin)
        }
    }

    /// An image made here.
    private init(_ configuration: Configuration, layers: [Layer], annotations: [String: String]?) throws {
        self.configuration = configuration
        self.layers = layers
        configurationBytes = try Document.encode(configuration)
        manifest = Manifest(
            config: Descriptor(
                mediaType: .configuration, digest: Digest(of: configurationBytes),
                size: Int64(configurationBytes.readableBytes)),
            layers: layers.map {
                Descriptor(
                    mediaType: $0.descriptor.mediaType.asOCI, digest: $0.descriptor.digest, size: $0.descriptor.size)
            },
            annotations: annotations)
        manifestBytes = try Document.encode(manifest)
    }

    public var descriptor: Descriptor {
        Descriptor(
            mediaType: manifest.mediaType ?? .manifest, digest: Digest(of: manifestBytes),
            size: Int64(manifestBytes.readableBytes), platform: configuration.platform)
    }

    // MARK: - Mutations

    /// The same with `layer` on top.
    public func appending(_ layer: Layer) throws -> Image {
        var configuration = configuration
        configuration.rootfs.diffIDs.append(layer.diffID)
        // A base may have left steps out; there is one for each layer from here on.
        var history = configuration.history ?? []
        let missing = layers.count - history.count { $0.emptyLayer != true }
        history += (0..<max(0, missing)).map { _ in Configuration.Step(created: configuration.created) }
        history.append(Configuration.Step(created: configuration.created, createdBy: layer.createdBy))
        configuration.history = history
        return try Image(configuration, layers: layers + [layer], annotations: manifest.annotations)
    }

    /// The same, run otherwise.
    public func configured(_ change: (inout Configuration) -> Void) throws -> Image {
        var configuration = configuration
        change(&configuration)
        return try Image(configuration, layers: layers, annotations: manifest.annotations)
    }

    /// The same, accompanied by a bill of materials.
    ///
    /// Any later change drops it, as it is about another image then.
    public func attaching(sbom: ByteBuffer) -> Image {
        var image = self
        image.sbom = sbom
        return image
    }

    func detached() -> Image {
        var image = self
        image.sbom = nil
        return image
    }

    /// The same with other notes for people and tools.
    public func annotated(_ annotations: [String: String]) throws -> Image {
        try Image(configuration, layers: layers, annotations: annotations.isEmpty ? nil : annotations)
    }
}

/// What a name may stand for: one image, or one for each of several platforms.
public enum ImageOrIndex: Sendable {
    case image(Image)
    case index(ImageIndex)

    public var images: [Image] {
        switch self {
        case .image(let image): [image]
        case .index(let index): index.images
        }
    }

    public var descriptor: Descriptor {
        switch self {
        case .image(let image): image.descriptor
        case .index(let index): index.descriptor
        }
    }

    var bytes: ByteBuffer {
        switch self {
        case .image(let image): image.manifestBytes
        case .index(let index): index.bytes
        }
    }

    /// Without bills of materials.
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

    /// The image for `platform`, an error naming those there are if it is not among them.
    public func image(for platform: Platform) throws -> Image {
        if case .image(let image) = self { return image }
        guard let image = images.first(where: { platform.accepts($0.configuration.platform) }) else {
            throw ContainerImageError.invalid(
                what: "the image index",
                reason:
                    "it has \(images.map { "\($0.configuration.platform)" }.joined(separator: ", ")), not \(platform)",
                advice: "Choose one of these with --platform.")
        }
        return image
    }
}

/// Images of the same program for several platforms.
public struct ImageIndex: Sendable {
    public let images: [Image]
    let bytes: ByteBuffer
    let mediaType: MediaType
    /// Whether `images` is everything that it names.
    let isWhole: Bool

    public init(_ images: [Image], annotations: [String: String]? = nil) throws {
        self.images = images
        (mediaType, isWhole) = (.index, true)
        bytes = try Document.encode(Index(manifests: images.map(\.descriptor), annotations: annotations))
    }

    /// As it was stored.
    init(_ images: [Image], bytes: ByteBuffer, mediaType: MediaType, isWhole: Bool) {
        self.isWhole = isWhole
        self.images = images
        self.bytes = bytes
        self.mediaType = mediaType
    }

    public var descriptor: Descriptor {
        Descriptor(mediaType: mediaType, digest: Digest(of: bytes), size: Int64(bytes.readableBytes))
    }
}
