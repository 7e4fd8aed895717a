import Files
public import NIOCore

extension Content {
    /// Returns all bytes as one buffer, or throws if there are more than `limit`; `name` is for the error.
    func collect(upTo limit: Int, named name: String) async throws -> ByteBuffer {
        guard size <= limit else {
            throw ContainerImageError.invalid(
                what: name, reason: "it has \(size) bytes, but a document may have at most \(limit)",
                advice: "Check that this is an image.")
        }
        var all = ByteBuffer()
        let reader = try await reader()
        while var bytes = try await reader() { all.writeBuffer(&bytes) }
        return all
    }

    /// Returns the digest of all bytes.
    ///
    /// - Returns: The SHA-256 digest.
    /// - Throws: `ContainerImageError` if the bytes cannot be read.
    public func digest() async throws -> Digest {
        var hasher = Digest.Hasher()
        let reader = try await reader()
        while let bytes = try await reader() { hasher.update(bytes) }
        return hasher.finish()
    }

    /// Writes all bytes to a file, which appears completely or not at all.
    ///
    /// A file that had the path before is replaced after all bytes have been read. A device or a pipe is written to.
    ///
    /// - Parameter path: The destination. Its folder must exist.
    /// - Throws: `FileError` if the file cannot be written, or `ContainerImageError` if the bytes cannot be read.
    public func write(to path: String) async throws {
        let file = try AtomicFile(path: path)
        let reader = try await reader()
        while let bytes = try await reader() {
            try bytes.withUnsafeReadableBytes { try file.append($0) }
        }
        try file.commit()
    }
}

extension Content: AsyncSequence {
    /// A chunk of bytes.
    public typealias Element = ByteBuffer

    /// Reads the content from its start, one chunk at a time.
    public struct AsyncIterator: AsyncIteratorProtocol {
        let content: Content
        var reader: Reader?

        /// Returns the next chunk.
        ///
        /// - Returns: The next chunk, or nil at the end.
        /// - Throws: `ContainerImageError` if the bytes cannot be read or do not match their digest.
        public mutating func next() async throws -> ByteBuffer? {
            if reader == nil { reader = try await content.reader() }
            return try await reader?()
        }
    }

    /// Starts to read from the first byte.
    public func makeAsyncIterator() -> AsyncIterator { AsyncIterator(content: self) }
}
