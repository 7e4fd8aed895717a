import Crypto
public import ModelFile

/// The SHA-256 of `bytes` in hexadecimal digits.
func sha256(_ bytes: UnsafeRawBufferPointer) -> String {
    var hash = SHA256()
    hash.update(bufferPointer: bytes)
    return hash.finalize().map { byte in
        let digits = String(byte, radix: 16)
        return digits.count == 1 ? "0" + digits : digits
    }.joined()
}

extension ModelFile {
    /// Hashes the whole file and compares the result with the SHA-256 digests in its metadata.
    ///
    /// - Throws: `ModelFileError.wrongDigest` for the first part whose bytes have changed since it was written.
    public func verify() throws(ModelFileError) {
        try verify(hash: sha256)
    }
}
