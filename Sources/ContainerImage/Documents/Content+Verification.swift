import NIOCore

extension Content {
    /// The same bytes, with an error at the end if they do not match the digest and the size of `descriptor`.
    ///
    /// Only a reader that starts at the first byte and reaches the end checks the digest.
    func verified(_ descriptor: Descriptor) -> Content {
        Content(size: descriptor.size) { offset in
            let reader = try await reader(from: offset)
            guard offset == 0 else { return reader }  // a part has no digest
            var hasher = Digest.Hasher()
            return {
                if let bytes = try await reader() {
                    hasher.update(bytes)
                    guard hasher.count <= descriptor.size else { throw mismatch("more than \(descriptor.size) bytes") }
                    return bytes
                }
                guard hasher.count == descriptor.size else { throw mismatch("\(hasher.count) bytes") }
                let digest = hasher.finish()
                guard digest == descriptor.digest else { throw mismatch("\(digest)") }
                return nil
            }
            func mismatch(_ found: String) -> ContainerImageError {
                .mismatch(
                    what: "blob \(descriptor.digest)", found: found,
                    expected: "\(descriptor.size) bytes with that digest")
            }
        }
    }
}
