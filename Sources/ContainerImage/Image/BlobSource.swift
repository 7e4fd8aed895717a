import NIOCore

/// A place where blobs are found by their digest.
protocol BlobSource: Sendable {
    /// A path or a name in a registry, for errors.
    var name: String { get }
    /// The repository that layers come from, if it is in a registry that can reuse them without an upload.
    var origin: Reference? { get }
    /// Returns a manifest or an index, whose digest has been checked.
    func document(_ descriptor: Descriptor) async throws -> ByteBuffer
    /// Returns false if the blob is missing and this is cheap to find out.
    func isThere(_ descriptor: Descriptor) -> Bool
    /// Returns any other blob, whose digest has not been checked.
    func content(_ descriptor: Descriptor) throws -> Content
}

extension BlobSource {
    var origin: Reference? { nil }
    func isThere(_ descriptor: Descriptor) -> Bool { true }

    /// Reads the image or the index that `root` points at.
    func load(_ root: Descriptor) async throws -> ImageOrIndex {
        try await load(root, try await document(root), platform: nil)
    }

    /// Reads the image or the index whose document is `bytes`, which `root` points at.
    ///
    /// If `platform` is not nil, only the images of the index that run on it are read. An image that the index lists
    /// several times is read once.
    func load(_ root: Descriptor, _ bytes: ByteBuffer, platform: Platform?) async throws -> ImageOrIndex {
        var budget = DocumentBudget()
        guard root.mediaType.isIndex else {
            guard let image = try await image(bytes, within: &budget) else {
                throw ContainerImageError.invalid(
                    what: name, reason: "it is an artifact, not an image", advice: "Name an image.")
            }
            return .image(image)
        }
        let index = try Document.decode(Index.self, from: bytes, named: name)
        var images: [Image] = []
        var seen: Set<Digest> = []
        let distinct = index.manifests.filter { seen.insert($0.digest).inserted }
        guard distinct.count <= Index.mostManifests else {
            throw ContainerImageError.invalid(
                what: name,
                reason: "its index lists \(distinct.count) manifests, but may list at most \(Index.mostManifests)",
                advice: "Name one of its images by its digest (name@sha256:…).")
        }
        for descriptor in distinct where descriptor.mediaType.isManifest {
            if let platform, let found = descriptor.platform, !platform.accepts(found) { continue }
            // An index may list artifacts, and a folder may have the image of one platform only.
            guard isThere(descriptor) else { continue }
            let bytes = try await document(descriptor)
            try budget.spend(Int64(bytes.readableBytes), on: name)
            guard let image = try await image(bytes, within: &budget) else { continue }
            images.append(image)
        }
        guard !images.isEmpty else {
            throw ContainerImageError.invalid(
                what: name, reason: "its index has no image\(platform.map { " for \($0)" } ?? "")",
                advice: "Check the name.")
        }
        let isWhole = images.count == distinct.count
        return .index(ImageIndex(images, bytes: bytes, mediaType: root.mediaType, isWhole: isWhole))
    }

    /// Reads the image whose manifest is `bytes`, or returns nil if the manifest is that of another kind of artifact.
    private func image(_ bytes: ByteBuffer, within budget: inout DocumentBudget) async throws -> Image? {
        let manifest = try Document.decode(Manifest.self, from: bytes, named: name)
        guard manifest.config.mediaType.asOCI == .configuration else { return nil }
        try budget.spend(manifest.config.size, on: name)
        let configuration = try await content(manifest.config).verified(manifest.config)
            .collect(upTo: Document.largestSize, named: "configuration of \(name)")
        var contents: [Digest: Content] = [:]
        for layer in manifest.layers { contents[layer.digest] = try content(layer) }
        return try Image(
            manifestBytes: bytes, configurationBytes: configuration, named: name,
            layer: { contents[$0.digest] ?? Content(ByteBuffer()) }, origin: origin)
    }
}

/// How many bytes the documents of one name may have, so that an index cannot fill the memory.
///
/// The documents of an image for ten platforms have about 100 kB.
private struct DocumentBudget {
    static let most: Int64 = 16 << 20
    private var left = most

    /// Counts a document; `name` is that of the index or the image, for the error.
    mutating func spend(_ bytes: Int64, on name: String) throws(ContainerImageError) {
        left -= bytes
        guard left >= 0 else {
            throw .invalid(
                what: name, reason: "its manifests and configurations have more than \(Self.most) bytes",
                advice: "Name one of its images by its digest (name@sha256:…).")
        }
    }
}
