import NIOCore

extension ImageOrIndex {
    /// Everything that the image or the index consists of, each blob once: layers, configurations, manifests, and last
    /// the index.
    ///
    /// Throws if the index lists more than the images that were read.
    func blobs() throws -> [(descriptor: Descriptor, content: Content)] {
        try requireWhole()
        var blobs: [(descriptor: Descriptor, content: Content)] = []
        for image in images {
            blobs += image.layers.map { ($0.descriptor, $0.content) }
            blobs.append((image.manifest.config, Content(image.configurationBytes)))
            blobs.append((image.descriptor, Content(image.manifestBytes)))
        }
        if case .index(let index) = self { blobs.append((index.descriptor, Content(index.bytes))) }
        var seen: Set<Digest> = []
        return blobs.filter { seen.insert($0.descriptor.digest).inserted }
    }

    /// Throws if the index lists more than the images that were read, for example because only one was wanted.
    func requireWhole() throws {
        guard case .index(let index) = self, !index.isWhole else { return }
        throw ContainerImageError.invalid(
            what: "the image index", reason: "it lists more than the \(index.images.count) images that were read",
            advice: "Name one of its images by its digest (name@sha256:…); `pinson inspect` prints the digests.")
    }
}
