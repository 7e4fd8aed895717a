extension ModelFile {
    static let tensorDigestsKey = "pinson.tensor_sha256"
    static let headerDigestKey = "pinson.header_sha256"
    /// The key of the padding.
    ///
    /// Its value is as long as needed for the header to end on a page boundary.
    static let paddingKey = "pinson.padding"
    static let digestLength = 64

    /// A function that computes the SHA-256 of bytes as 64 hexadecimal digits.
    ///
    /// Callers provide it if they have a library for it, which is faster than this module.
    public typealias Hash = (UnsafeRawBufferPointer) -> String

    /// Reads the whole file, compares it with the digests in its metadata, and checks that all weights are finite.
    ///
    /// - Throws: `ModelFileError.wrongDigest` for the first part whose bytes have changed since it was written, and
    ///   `ModelFileError.notFinite` for the first tensor with a value that is not a finite number.
    /// - Complexity: Reads every byte, more than 100 MB in a second on one core.
    public func verify() throws(ModelFileError) {
        try verify { SHA256.hexadecimal($0) }
    }

    /// Reads the whole file, compares it with the digests in its metadata, and checks that all weights are finite.
    ///
    /// - Parameter hash: Computes SHA-256.
    /// - Throws: `ModelFileError.wrongDigest` for the first part whose bytes have changed since it was written, and
    ///   `ModelFileError.notFinite` for the first tensor with a value that is not a finite number.
    /// - Complexity: Reads every byte.
    public func verify(hash: Hash) throws(ModelFileError) {
        let recorded = try metadata.string(Self.headerDigestKey)
        let found = headerDigest(recorded: recorded, hash)
        guard found == recorded else {
            throw .wrongDigest(path: path, part: "the header", found: found, expected: recorded)
        }

        let digests = try metadata.strings(Self.tensorDigestsKey)
        guard digests.count == tensors.count else {
            throw .invalid(path: path, reason: "it has \(tensors.count) tensors and \(digests.count) digests")
        }
        for (tensor, recorded) in zip(tensors, digests) {
            let found = hash(tensor.bytes)
            guard found == recorded else {
                throw .wrongDigest(path: path, part: "tensor '\(tensor.name)'", found: found, expected: recorded)
            }
            let end = dataOffset + tensor.offset + tensor.byteCount
            let isPaddedWithZeros = withBytes { $0[end..<aligned(end)].allSatisfy { $0 == 0 } }
            guard isPaddedWithZeros else {
                throw .invalid(path: path, reason: "the padding after tensor '\(tensor.name)' is not zero")
            }
            guard tensor.isFinite else { throw .notFinite(path: path, name: tensor.name) }
        }
    }

    /// The digest of everything before the data, computed with zeros in place of the recorded digest.
    private func headerDigest(recorded: String, _ hash: Hash) -> String {
        var header = withBytes { [UInt8]($0.prefix(dataOffset)) }
        // The key occurs once. Its value follows after the type (u32) and the length (u64).
        let key = Array(Self.headerDigestKey.utf8)
        let start = header.indices.first { header[$0...].starts(with: key) }.map { $0 + key.count + 12 } ?? header.count
        for index in header[start...].indices.prefix(recorded.utf8.count) { header[index] = UInt8(ascii: "0") }
        return header.withUnsafeBytes(hash)
    }
}
