import NIOCore

/// Where blobs are found by their digest.
protocol BlobSource: Sendable {
    /// For errors: a path, or a name in a registry.
    var name: String { get }
    /// Where a registry may take layers from without their being sent again.
    var origin: Reference? { get }
    /// A manifest or an index.
    func document(_ descriptor: Descriptor) async throws -> ByteBuffer
    /// False only where it is cheap to tell.
    func isThere(_ descriptor: Descriptor) -> Bool
    /// Any other blob, not verified.
    func content(_ descriptor: Descriptor) throws -> Content
}

extension BlobSource {
    var origin: Reference? { nil }
    func isThere(_ descriptor: Descriptor) -> Bool { true }

    /// The image or the index that `root` points at.
    func load(_ root: Descriptor) async throws -> ImageOrIndex {
        try await load(root, try await document(root), platform: nil)
    }

    /// - Parameters:
    ///   - bytes: the document that `root` points at.
    ///   - platform: of an index, the one image that is wanted; nil for all.
    func load(_ root: Descriptor, _ bytes: ByteBuffer, platform: Platform?) async throws -> ImageOrIndex {
        guard root.mediaType.isIndex else {
            guard let image = try await image(bytes) else {
                throw ContainerImageError.invalid(
                    what: name, reason: "it is an artifact, not an image", advice: "Name an image.")
            }
            return .image(image)
        }
        let index = try Document.decode(Index.self, from: bytes, named: name)
        var images: [Image] = []
        for descriptor in index.manifests where descriptor.mediaType.isManifest {
            if let platform, let found = descriptor.platform, !platform.accepts(found) { continue }
            // An index may name artifacts, and a folder may hold the image of one platform only.
            guard isThere(descriptor), let image = try await image(try await document(descriptor)) else { continue }
            images.append(image)
        }
        guard !images.isEmpty else {
            throw ContainerImageError.invalid(
                what: name, reason: "its index holds no image\(platform.map { " for \($0)" } ?? "")",
                advice: "Check the name.")
        }
        let isWhole = images.count == index.manifests.count
        return .index(ImageIndex(images, bytes: bytes, mediaType: root.mediaType, isWhole: isWhole))
    }

    /// Nil if it is an artifact of another kind.
    private func image(_ bytes: ByteBuffer) async throws -> Image? {
        let manifest = try Document.decode(Manifest.self, from: bytes, named: name)
        guard manifest.config.mediaType.asOCI == .configuration else { return nil }
        let configuration = try await content(manifest.config).verified(manifest.config)
            .collect(upTo: Registry.largestDocument, named: "configuration of \(name)")
        var contents: [Digest: Content] = [:]
        for layer in manifest.layers { contents[layer.digest] = try content(layer) }
        return try Image(
            manifestBytes: bytes, configurationBytes: configuration, named: name,
            layer: { contents[$0.digest] ?? Content(ByteBuffer()) }, origin: origin)
    }
}

extension ImageOrIndex {
    /// Everything it consists of, each blob once: layers, configurations, manifests, the index last.
    ///
    /// - Throws: an error if it names what was not read.
    func blobs() throws -> [(descriptor: Descriptor, content: Content)] {
        try requireWhole()
        var blobs: [(descriptor: Descriptor, content: Content)] = []
        for image in images {
            blobs += image.layers.map { ($0.descriptor, $0.content.verified($0.descriptor)) }
            blobs.append((image.manifest.config, Content(image.configurationBytes)))
            blobs.append((image.descriptor, Content(image.manifestBytes)))
        }
        if case .index(let index) = self { blobs.append((index.descriptor, Content(index.bytes))) }
        var seen: Set<Digest> = []
        return blobs.filter { seen.insert($0.descriptor.digest).inserted }
    }

    func requireWhole() throws {
        guard case .index(let index) = self, !index.isWhole else { return }
        throw ContainerImageError.invalid(
            what: "the image index", reason: "it names more than the \(index.images.count) images that were read",
            advice: "Name one of its images by digest.")
    }
}
