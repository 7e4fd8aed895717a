import Crypto
import Foundation
import NIOCore

/// The digests of a file and of its parts, from one pass over it.
struct FileDigests: Sendable {
    /// A part of the file, and its digests.
    struct Part: Sendable {
        var offset: Int64
        var size: Int64
        var sha256: String
        var md5: String
    }

    /// Larger files are sent in parts.
    static let largestWhole: Int64 = 64 << 20
    /// The usual size of a part, which is a multiple of 256 KiB, as Google Cloud Storage wants it.
    static let usualPart: Int64 = 16 << 20

    let size: Int64
    /// The SHA-256 of the file in hexadecimal digits.
    let sha256: String
    /// The MD5 of the file in Base64, which Azure and Google compare with the bytes that arrive; of no bytes if nobody asks.
    let md5: String
    /// One part for a file that is sent as a whole.
    let parts: [Part]

    /// Reads a file.
    ///
    /// - Parameters:
    ///   - path: The file.
    ///   - mostParts: The largest number of parts.
    ///   - needsMD5: Whether the MD5 is computed, too.
    /// - Throws: `TrackingError.file` if the file cannot be read.
    init(_ path: String, mostParts: Int64 = 10_000, needsMD5: Bool) async throws {
        size = try FilePart.size(of: path)
        let isWhole = size <= Self.largestWhole
        let needed = (size + mostParts - 1) / mostParts
        let partSize = isWhole ? max(size, 1) : max(Self.usualPart, (needed + 0x3FFFF) & ~0x3FFFF)
        var (whole, wholeMD5) = (SHA256(), Insecure.MD5())
        var parts: [Part] = []
        repeat {
            let offset = parts.last.map { $0.offset + $0.size } ?? 0
            let count = min(partSize, size - offset)
            var (sha256, md5) = (SHA256(), Insecure.MD5())
            for try await bytes in try FilePart(path, offset: offset, size: count) {
                bytes.withUnsafeReadableBytes {
                    sha256.update(bufferPointer: $0)
                    if needsMD5 { md5.update(bufferPointer: $0) }
                    guard !isWhole else { return }
                    whole.update(bufferPointer: $0)
                    if needsMD5 { wholeMD5.update(bufferPointer: $0) }
                }
            }
            if isWhole { (whole, wholeMD5) = (sha256, md5) }
            parts.append(
                Part(
                    offset: offset, size: count, sha256: hexadecimal(sha256.finalize()),
                    md5: Data(md5.finalize()).base64EncodedString()))
        } while (parts.last.map { $0.offset + $0.size } ?? size) < size
        self.sha256 = hexadecimal(whole.finalize())
        self.md5 = Data(wholeMD5.finalize()).base64EncodedString()
        self.parts = parts
    }
}
