import Crypto
public import NIOCore

/// The SHA-256 digest of a blob, which is also the name of the blob.
///
/// - Source: OCI image-spec 1.1.1, descriptor.md, "Digests".
public struct Digest: Hashable, Sendable, Comparable {
    /// The digest as 64 lower-case hexadecimal digits.
    public let hex: String

    /// Creates a digest from its text, or nil if `text` is not `sha256:` and 64 lower-case hexadecimal digits.
    public init?(_ text: some StringProtocol) {
        guard text.hasPrefix("sha256:") else { return nil }
        let hex = text.dropFirst(7)
        guard hex.utf8.count == 64, hex.utf8.allSatisfy({ (0x30...0x39).contains($0) || (0x61...0x66).contains($0) })
        else { return nil }
        self.hex = String(hex)
    }

    /// Hashes the readable bytes of a buffer.
    public init(of bytes: ByteBuffer) {
        var hasher = Hasher()
        hasher.update(bytes)
        self = hasher.finish()
    }

    fileprivate init(hex: String) { self.hex = hex }

    /// Orders digests by their hexadecimal digits.
    public static func < (left: Digest, right: Digest) -> Bool { left.hex < right.hex }

    /// Computes a digest of bytes that arrive in chunks.
    struct Hasher {
        private var sha256 = SHA256()
        /// The number of bytes so far.
        private(set) var count: Int64 = 0

        mutating func update(_ bytes: ByteBuffer) {
            bytes.withUnsafeReadableBytes { sha256.update(bufferPointer: $0) }
            count += Int64(bytes.readableBytes)
        }

        /// The digest of the bytes so far.
        func finish() -> Digest {
            let digits = Array("0123456789abcdef".utf8)
            return Digest(
                hex: String(
                    decoding: sha256.finalize().flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
            )
        }
    }
}

extension Digest: CustomStringConvertible {
    /// The digest as documents write it: `sha256:` and the hexadecimal digits.
    public var description: String { "sha256:\(hex)" }
}

extension Digest: Codable {
    /// Decodes a digest from a string.
    ///
    /// - Parameter decoder: The decoder to read from.
    /// - Throws: `DecodingError` if the value is not the text of a SHA-256 digest.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        let text = try container.decode(String.self)
        guard let digest = Digest(text) else {
            throw DecodingError.dataCorruptedError(
                in: container,
                debugDescription: "'\(text)' is not a SHA-256 digest, which is the only kind that is supported")
        }
        self = digest
    }

    /// Encodes the digest as a string.
    ///
    /// - Parameter encoder: The encoder to write to.
    /// - Throws: An error of the encoder.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}
