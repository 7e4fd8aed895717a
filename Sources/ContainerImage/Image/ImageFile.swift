import NIOCore

/// A regular file of an image, and a copy of its bytes if one was asked for.
public struct ImageFile: Sendable {
    /// The size in bytes.
    public let size: Int64
    /// The SHA-256 digest of the bytes, if no copy was asked for.
    public let digest: Digest?
    /// The copy, which has no name and disappears with the last reference to it.
    private let copy: OpenFile?

    /// The descriptor of the copy, which is open for reading as long as this value exists.
    ///
    /// Nil if no copy was asked for, or if the copy would be too large for the budget.
    public var descriptor: Int32? { copy?.descriptor }

    /// Reads the file that `reader` has arrived at: hashes it if `count` is 0, or else keeps the first `count` bytes if
    /// the budget allows it.
    init(
        _ header: TarHeader, from reader: inout TarReader, keeping count: Int64, within budget: UnpackingBudget
    ) async throws {
        size = header.size
        if count == 0 {
            var hasher = Digest.Hasher()
            while let bytes = try await reader.read() { hasher.update(bytes) }
            (digest, copy) = (hasher.finish(), nil)
            return
        }
        digest = nil
        var spool: SpoolFile? = try SpoolFile()
        var left = min(count, size)
        while left > 0, let bytes = try await reader.read() {
            let length = Int(min(left, Int64(bytes.readableBytes)))
            if budget.mayCopy(length), let part = bytes.getSlice(at: bytes.readerIndex, length: length) {
                try spool?.append(part)
            } else {
                spool = nil
            }
            left -= Int64(length)
        }
        copy = try spool?.finished(size: size)
    }
}
