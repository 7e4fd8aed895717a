extension ModelFile {
    static let tensorDigestsKey = "pinson.tensor_sha256"
    static let headerDigestKey = "pinson.header_sha256"
    /// The key whose value is made as long as it takes to end the header on a page boundary.
    static let paddingKey = "pinson.padding"
    static let digestLength = 64

    /// Hashes the whole file and compares it with the digests in its metadata.
    ///
    /// - Throws: `ModelFileError.wrongDigest`, naming the first part that differs; then some byte of it is not as written.
    /// - Complexity: reads every byte.
    public func verify(digest: Digest) throws(ModelFileError) {
        let recorded = try metadata.string(Self.headerDigestKey)
        let found = headerDigest(recorded: recorded, digest)
        guard found == recorded else {
            throw .wrongDigest(path: path, part: "the header", found: found, expected: recorded)
        }

        let digests = try metadata.strings(Self.tensorDigestsKey)
        guard digests.count == tensors.count else {
            throw .invalid(path: path, reason: "it has \(tensors.count) tensors and \(digests.count) digests")
        }
        for (tensor, recorded) in zip(tensors, digests) {
            let found = digest(tensor.bytes)
            guard found == recorded else {
                throw .wrongDigest(path: path, part: "tensor '\(tensor.name)'", found: found, expected: recorded)
            }
            let end = dataOffset + tensor.offset + tensor.byteCount
            let isPaddedWithZeros = withBytes { $0[end..<aligned(end)].allSatisfy { $0 == 0 } }
            guard isPaddedWithZeros else {
                throw .invalid(path: path, reason: "the padding behind tensor '\(tensor.name)' is not zero")
            }
        }
    }

    /// The digest of everything before the data, with the digits of the recorded digest as zeros.
    private func headerDigest(recorded: String, _ digest: Digest) -> String {
        var header = withBytes { [UInt8]($0.prefix(dataOffset)) }
        // The key is there once, with its value behind it: type (u32) and length (u64) stand between.
        let key = Array(Self.headerDigestKey.utf8)
        let start = header.indices.first { header[$0...].starts(with: key) }.map { $0 + key.count + 12 } ?? header.count
        for index in header[start...].indices.prefix(recorded.utf8.count) { header[index] = UInt8(ascii: "0") }
        return header.withUnsafeBytes(digest)
    }
}
