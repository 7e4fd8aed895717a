public import NIOCore

/// A container image, as an immutable value.
///
/// Every change returns another image.
///
/// Images come from ``scratch(_:)``, a ``Layout``, an ``Archive`` or a ``Registry``, and go to one of the last three.
/// Layers are read when they are written somewhere, and never held in memory as a whole.
public struct Image: Sendable {
    /// The list of blobs that the image consists of.
    public let manifest: Manifest
    /// How the image is run.
    public let configuration: Configuration
    /// The layers, lowest first.
    public let layers: [Layer]
    /// The manifest as it is hashed and sent.
    let manifestBytes: ByteBuffer
    /// The configuration as it is hashed and sent.
    let configurationBytes: ByteBuffer
    /// A bill of materials about exactly this image, as an SPDX document.
    ///
    /// It is stored next to the image, not in it.
    public private(set) var sbom: ByteBuffer?

    /// Makes an image without layers.
    ///
    /// - Parameter platform: The platform that the image is for.
    /// - Returns: An empty image.
    /// - Throws: `EncodingError`, if the documents cannot be encoded.
    public static func scratch(_ platform: Platform) throws -> Image {
        try Image(
            Configuration(
                architecture: platform.architecture, os: platform.os, variant: platform.variant,
                rootfs: .init(diffIDs: []), history: []),
            layers: [], annotations: nil)
    }

    /// An image as it was stored.
    ///
    /// The documents must have been verified; the layers are verified when they are read.
    ///
    /// `name` is for errors, and `layer` returns the bytes of a layer.
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
                reason: "its manifest lists \(manifest.layers.count) layers, but its configuration \(diffIDs.count)",
                advice: "Build it again.")
        }
        layers = zip(manifest.layers, diffIDs).enumerated().map { index, pair in
            Layer(
                descriptor: pair.0, diffID: pair.1, content: layer(pair.0),
                createdBy: index < steps.count ? steps[index].createdBy ?? "" : "", origin: origin)
        }
    }

    /// An image that is made here.
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

    /// Points at the manifest.
    ///
    /// Its digest is the name of the image.
    public var descriptor: Descriptor {
        Descriptor(
            mediaType: manifest.mediaType ?? .manifest, digest: Digest(of: manifestBytes),
            size: Int64(manifestBytes.readableBytes), platform: configuration.platform)
    }

    // MARK: - Changes

    /// Returns the image with another layer on top.
    ///
    /// - Parameter layer: The layer.
    /// - Returns: The new image, without a bill of materials.
    /// - Throws: `EncodingError`, if the documents cannot be encoded.
    public func appending(_ layer: Layer) throws -> Image {
        var configuration = configuration
        configuration.rootfs.diffIDs.append(layer.diffID)
        // A base image may have fewer steps than layers. From here on, each layer has one.
        var history = configuration.history ?? []
        let missing = layers.count - history.count { $0.emptyLayer != true }
        history += (0..<max(0, missing)).map { _ in Configuration.Step(created: configuration.created) }
        history.append(Configuration.Step(created: configuration.created, createdBy: layer.createdBy))
        configuration.history = history
        return try Image(configuration, layers: layers + [layer], annotations: manifest.annotations)
    }

    /// Returns the image with another configuration.
    ///
    /// - Parameter change: Changes the configuration.
    /// - Returns: The new image, without a bill of materials.
    /// - Throws: `EncodingError`, if the documents cannot be encoded.
    public func configured(_ change: (inout Configuration) -> Void) throws -> Image {
        var configuration = configuration
        change(&configuration)
        return try Image(configuration, layers: layers, annotations: manifest.annotations)
    }

    /// Returns the image with other annotations in its manifest.
    ///
    /// - Parameter annotations: Notes for people and tools, which replace the present ones.
    /// - Returns: The new image, without a bill of materials.
    /// - Throws: `EncodingError`, if the documents cannot be encoded.
    public func annotated(_ annotations: [String: String]) throws -> Image {
        try Image(configuration, layers: layers, annotations: annotations.isEmpty ? nil : annotations)
    }

    /// Returns the same image with a bill of materials.
    ///
    /// The document names the digest of the image, so any later change of the image drops it.
    public func attaching(sbom: ByteBuffer) -> Image {
        var image = self
        image.sbom = sbom
        return image
    }

    /// The same image without its bill of materials.
    func detached() -> Image {
        var image = self
        image.sbom = nil
        return image
    }
}
