import NIOCore

/// Where blobs are found by their digest.
protocol BlobSource: Sendable {
    /// For errors: a path, or a name in a registry.
    var name: String { get }
    /// Where a registry may take layers from without their being sent again.
    var origin: Reference? { get }
    /// A manifest or an index.
    func document(_ descriptor: Descriptor) async throws -> ByteBuffer
    /// Any other blob, not verified.
    func content(_ descriptor: Descriptor) throws -> Content
}

extension BlobSource {
    var origin: Reference? { nil }

    /// The image or the index that `root` points at.
    func load(_ root: Descriptor) async throws -> ImageOrIndex {
        let bytes = try await document(root)
        guard root.mediaType.isIndex else { return .image(try await image(bytes)) }
        let index = try Document.decode(Index.self, from: bytes, named: name)
        var images: [Image] = []
        for descriptor in index.manifests {
            guard descriptor.mediaType.isManifest else {
                throw ContainerImageError.invalid(
                    what: name, reason: "an index in it holds a \(descriptor.mediaType.rawValue)",
                    advice: "Name one of its images by digest.")
            }
            images.append(try await image(try await document(descriptor)))
        }
        return .index(ImageIndex(images, bytes: bytes, mediaType: root.mediaType))
    }

    private func image(_ bytes: ByteBuffer) async throws -> Image {
        let manifest = try Document.decode(Manifest.self, from: bytes, named: name)
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
    var blobs: [(descriptor: Descriptor, content: Content)] {
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
}
