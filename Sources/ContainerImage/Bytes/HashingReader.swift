import NIOCore

/// Reads chunks from another reader, and hashes them on the way.
final class HashingReader {
    private let reader: Content.Reader
    /// The hash of all bytes that were read so far.
    private(set) var hasher = Digest.Hasher()

    /// Reads from `reader`.
    init(_ reader: @escaping Content.Reader) { self.reader = reader }

    /// The next chunk, or nil at the end.
    func read() async throws -> ByteBuffer? {
        guard let bytes = try await reader() else { return nil }
        hasher.update(bytes)
        return bytes
    }
}
