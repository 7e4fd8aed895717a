extension Image {
    /// Reads every layer and compares it with its digest and its diff id.
    ///
    /// The diff id of a layer that is compressed with Zstandard is not checked, because such layers are not unpacked.
    ///
    /// - Parameter budget: How much may be unpacked.
    /// - Throws: `ContainerImageError.mismatch` if a layer does not match, or another `ContainerImageError` if it cannot
    ///   be read or unpacks to more than the budget allows.
    public func verify(within budget: UnpackingBudget = UnpackingBudget()) async throws {
        for layer in layers {
            var found = layer.diffID
            if layer.descriptor.mediaType.compression == .gzip {
                var hasher = Digest.Hasher()
                let reader = try await layer.uncompressed(within: budget)
                while let bytes = try await reader() { hasher.update(bytes) }
                found = hasher.finish()
            } else {
                for try await _ in layer.content {}  // reading to the end checks the digest
                if layer.descriptor.mediaType.compression == Compression.none { found = layer.descriptor.digest }
            }
            guard found == layer.diffID else {
                throw ContainerImageError.mismatch(
                    what: "diff id of layer \(layer.descriptor.digest)", found: "\(found)", expected: "\(layer.diffID)")
            }
        }
    }
}
