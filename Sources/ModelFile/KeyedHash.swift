/// The hash HMAC-SHA-256: without its key, nobody can compute or verify it.
///
/// - Source: RFC 2104, section 2; RFC 4231 has test vectors.
public enum KeyedHash {
    private static let blockSize = 64

    /// The hash of a message.
    ///
    /// - Parameters:
    ///   - key: The key.
    ///   - message: The message.
    /// - Returns: 32 bytes.
    public static func sha256(key: [UInt8], message: [UInt8]) -> [UInt8] {
        var block = key.count > blockSize ? digest(key) : key
        block += [UInt8](repeating: 0, count: blockSize - block.count)
        return digest(block.map { $0 ^ 0x5C } + digest(block.map { $0 ^ 0x36 } + message))
    }

    /// The hash SHA-256 of a message, without a key: everybody can compute it.
    ///
    /// - Parameter message: The message.
    /// - Returns: 32 bytes.
    public static func sha256(_ message: [UInt8]) -> [UInt8] { digest(message) }

    /// The hexadecimal digits of bytes.
    ///
    /// - Parameter bytes: The bytes.
    /// - Returns: Two digits for each byte.
    public static func hexadecimal(_ bytes: [UInt8]) -> String {
        let digits = Array("0123456789abcdef".utf8)
        return String(decoding: bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
    }

    private static func digest(_ bytes: [UInt8]) -> [UInt8] { bytes.withUnsafeBytes(SHA256.digest) }
}
