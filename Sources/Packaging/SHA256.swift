import Crypto

/// Computes the SHA-256 of bytes with a library that uses the instructions of the processor.
///
/// - Parameter bytes: The bytes.
/// - Returns: The digest in hexadecimal digits.
public func sha256(_ bytes: UnsafeRawBufferPointer) -> String {
    var hash = SHA256()
    hash.update(bufferPointer: bytes)
    return hash.finalize().map { byte in
        let digits = String(byte, radix: 16)
        return digits.count == 1 ? "0" + digits : digits
    }.joined()
}
