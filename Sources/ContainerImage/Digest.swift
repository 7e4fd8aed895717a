import Crypto
public import NIOCore

/// The sha256 of a blob's bytes, which is also its name.
///
/// - Source: OCI image-spec 1.1.1, descriptor.md, "Digests".
public struct Digest: Hashable, Sendable, Comparable {
    /// 64 lower-case digits.
    public let hex: String

    /// Nil unless `text` is `sha256:` and 64 lower-case hexadecimal digits.
    public init?(_ text: some StringProtocol) {
        guard text.hasPrefix("sha256:") else { return nil }
        let hex = text.dropFirst(7)
        guard hex.utf8.count == 64, hex.utf8.allSatisfy({ (0x30...0x39).contains($0) || (0x61...0x66).contains($0) })
        else { return nil }
        self.hex = String(hex)
    }

    /// The digest of `bytes`.
    public init(of bytes: ByteBuffer) {
        var hasher = Hasher()
        hasher.update(bytes)
        self = hasher.finish()
    }

    fileprivate init(hex: String) { self.hex = hex }

    public static func < (left: Digest, right: Digest) -> Bool { left.hex < right.hex }

    /// A digest under way.
    struct Hasher {
        private var sha256 = SHA256()
        private(set) var count: Int64 = 0

        mutating func update(_ bytes: ByteBuffer) {
            bytes.withUnsafeReadableBytes { sha256.update(bufferPointer: $0) }
            count += Int64(bytes.readableBytes)
        }

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
    public var description: String { "sha256:\(hex)" }
}

extension Digest: Codable {
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        let text = try container.decode(String.self)
        guard let digest = Digest(text) else {
            throw DecodingError.dataCorruptedError(
                in: container, debugDescription: "'\(text)' is no sha256 digest, the only kind known here")
        }
        self = digest
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}
