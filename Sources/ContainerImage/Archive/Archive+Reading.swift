import NIOCore

extension Archive {
    /// Reads an image from the tar.
    ///
    /// Layers are read later, when they are needed.
    ///
    /// - Parameter name: The name of the image in the tar, or nil if the tar has only one.
    /// - Returns: The image or the index.
    /// - Throws: `ContainerImageError` if there is no such image, or the tar cannot be read or was cut short.
    public func read(name: String? = nil) async throws -> ImageOrIndex {
        let tar = try await TarFile(path: path)
        if tar.entries["index.json"] != nil {
            let index = try Document.decode(
                Index.self, from: try await tar.document("index.json"), named: "\(path): index.json")
            return try await tar.load(try Layout.choose(name, among: index, in: path)).withSBOMs { digest in
                try? tar.content(Layout.sbomPath(digest))
            }
        }
        guard tar.entries["manifest.json"] != nil else {
            throw ContainerImageError.invalid(
                what: path, reason: "it is not an image, because it has neither index.json nor manifest.json",
                advice: "Give a tar that `pinson image build` or `docker save` wrote. Decompress it first if needed.")
        }
        let list = try Document.decode(
            [DockerImage].self, from: try await tar.document("manifest.json"), named: "\(path): manifest.json")
        let matching = list.filter { image in name.map { image.repoTags?.contains($0) == true } ?? true }
        guard let one = matching.first, name != nil || matching.count == 1 else {
            throw ImageNames(path: path, names: list.flatMap(\.names)).error(name)
        }
        return .image(try await image(one, in: tar))
    }

    /// Reads an image that has only Docker's own documents.
    private func image(_ docker: DockerImage, in tar: TarFile) async throws -> Image {
        let configuration = try await tar.document(docker.config)
        var (layers, contents): ([Descriptor], [Digest: Content]) = ([], [:])
        var known: [String: Descriptor] = [:]  // A layer that is listed several times is hashed once.
        for path in docker.layers {
            if let descriptor = known[path] {
                layers.append(descriptor)
                continue
            }
            let content = try tar.content(path)
            let start = try await content.reader()()?.getBytes(at: 0, length: 2)
            let type: MediaType = start == [0x1F, 0x8B] ? .tarGzip : .tar
            let descriptor = Descriptor(mediaType: type, digest: try await content.digest(), size: content.size)
            layers.append(descriptor)
            known[path] = descriptor
            contents[descriptor.digest] = content
        }
        let manifest = Manifest(
            config: Descriptor(
                mediaType: .configuration, digest: Digest(of: configuration), size: Int64(configuration.readableBytes)),
            layers: layers)
        return try Image(
            manifestBytes: try Document.encode(manifest), configurationBytes: configuration, named: path,
            layer: { contents[$0.digest] ?? Content(ByteBuffer()) })
    }
}
