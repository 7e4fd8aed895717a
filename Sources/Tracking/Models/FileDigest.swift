import Crypto
import NIOCore

/// The SHA-256 digest of a file, which is never in memory as a whole.
///
/// - Parameter path: The path of a regular file.
/// - Returns: The digest as 64 hexadecimal digits.
/// - Throws: `TrackingError.file` if the file cannot be read.
public func fileDigest(_ path: String) async throws -> String {
    var hasher = SHA256()
    for try await bytes in try FilePart(path, offset: 0, size: try FilePart.size(of: path)) {
        bytes.withUnsafeReadableBytes { hasher.update(bufferPointer: $0) }
    }
    return hexadecimal(hasher.finalize())
}
