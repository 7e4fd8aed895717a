import NIOCore

extension Registry {
    /// Sends everything that the registry does not have, and moves the tag once at the end.
    ///
    /// Blobs are sent first, four at a time, then manifests by their digest, then bills of materials, then the tag. The
    /// tag therefore never stands for an incomplete image.
    ///
    /// - Parameters:
    ///   - image: The image or the index.
    ///   - progress: Called for each event, from several threads.
    /// - Returns: The digest that the reference stands for now.
    /// - Throws: `ContainerImageError` if the registry does not answer or refuses, a layer cannot be read or does not
    ///   match its digest, or images of the index are missing.
    @discardableResult
    public func push(_ image: ImageOrIndex, progress: @escaping @Sendable (PushEvent) -> Void = { _ in }) async throws
        -> Digest
    {
        try await session.redacting { try await send(image, progress: progress) }
    }

    private func send(_ image: ImageOrIndex, progress: @escaping @Sendable (PushEvent) -> Void) async throws -> Digest {
        try image.requireWhole()
        let root = image.descriptor
        if let pinned = reference.digest, pinned != root.digest {
            throw ContainerImageError.mismatch(
                what: "image for \(reference)", found: "\(root.digest)", expected: "\(pinned)")
        }
        var blobs: [Blob] = []
        for image in image.images {
            blobs += image.layers.map { Blob($0.descriptor, $0.content, origin: $0.origin) }
            blobs.append(Blob(image.manifest.config, Content(image.configurationBytes)))
            if let sbom = image.sbom { blobs += [Blob(Self.sbomDescriptor(sbom), Content(sbom)), .empty] }
        }
        try await upload(blobs, progress: progress)
        for one in image.images where one.descriptor.digest != root.digest || one.sbom != nil {
            try await put(one.manifestBytes, one.descriptor, as: "\(one.descriptor.digest)")
        }
        for image in image.images {
            if let sbom = image.sbom { try await refer(Self.sbomDescriptor(sbom), to: image.descriptor) }
        }
        try await put(image.bytes, root, as: reference.tag ?? reference.digest.map { "\($0)" } ?? "latest")
        return root.digest
    }

    /// Sends each blob once, four at a time.
    ///
    /// More connections are not faster, and registries limit their number.
    private func upload(_ blobs: [Blob], progress: @escaping @Sendable (PushEvent) -> Void) async throws {
        var seen: Set<Digest> = []
        var waiting = blobs.filter { seen.insert($0.descriptor.digest).inserted }[...]
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<4 {
                guard let blob = waiting.popFirst() else { break }
                group.addTask { try await upload(blob, progress: progress) }
            }
            while try await group.next() != nil {
                guard let blob = waiting.popFirst() else { continue }
                group.addTask { try await upload(blob, progress: progress) }
            }
        }
    }
}
