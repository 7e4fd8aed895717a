import NIOCore

/// A tar that images are written to and read from.
///
/// It is an OCI archive that Docker and podman can also load.
///
/// The tar has an image layout, and the file `manifest.json`, which lists the same blobs for Docker.
public struct Archive: Sendable {
    /// The path of the tar.
    public let path: String

    /// Names a tar, which need not exist before an image is written to it.
    public init(path: String) { self.path = path }

    /// Makes the tar of an image.
    ///
    /// Its size is known before its bytes are read.
    ///
    /// - Parameters:
    ///   - image: The image or the index.
    ///   - reference: The name that the image gets when it is loaded.
    ///   - modified: The time of every entry, in seconds since 1970.
    /// - Returns: The bytes of the tar.
    /// - Throws: `ContainerImageError.invalid` if images of the index are missing.
    public static func content(_ image: ImageOrIndex, reference: Reference?, modified: Int64) throws -> Content {
        var files = FileTree()
        for (descriptor, content) in try image.blobs() {
            try files.add("/\(Layout.blobPath(descriptor.digest))", content, mode: 0o644)
        }
        for image in image.images {
            guard let sbom = image.sbom else { continue }
            try files.add("/\(Layout.sbomPath(image.descriptor.digest))", Content(sbom), mode: 0o644)
        }
        let index = Index(manifests: [Layout.entry(image, name: reference?.description)])
        try files.add("/oci-layout", Content(Layout.marker), mode: 0o644)
        try files.add("/index.json", Content(try Document.encode(index)), mode: 0o644)
        // Docker loads one image, so it gets the one for this machine, or else the first.
        if let one = (try? image.image(for: .current)) ?? image.images.first {
            let docker = DockerImage(
                config: Layout.blobPath(one.manifest.config.digest),
                layers: one.layers.map { Layout.blobPath($0.descriptor.digest) },
                repoTags: reference.map { ["\($0.familiarName):\($0.tag ?? "latest")"] } ?? [])
            try files.add("/manifest.json", Content(try Document.encode([docker])), mode: 0o644)
        }
        return files.tar(modified: modified)
    }

    /// Writes the tar of an image, which replaces a file with the same path.
    ///
    /// - Parameters:
    ///   - image: The image or the index.
    ///   - reference: The name that the image gets when it is loaded.
    ///   - modified: The time of every entry, in seconds since 1970.
    /// - Throws: `FileError` if the tar cannot be written, or `ContainerImageError` if a layer cannot be read or images of
    ///   the index are missing.
    public func write(_ image: ImageOrIndex, reference: Reference?, modified: Int64) async throws {
        try await Self.content(image, reference: reference, modified: modified).write(to: path)
    }
}
