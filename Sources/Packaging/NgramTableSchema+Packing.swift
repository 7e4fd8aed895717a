import ModelFile

extension NgramTableSchema {
    /// The tensors of a table.
    ///
    /// - Parameter hashes: The hash of each feature, in ascending order.
    /// - Returns: The tensors, in file order.
    func newTensors(_ hashes: [UInt64]) -> [ModelFile.NewTensor] {
        guard hashBits == nil else { return [] }
        // The hash 0, whose weights are zero, stands for the single feature of a table without any.
        let hashes = hashes.isEmpty ? [0] : hashes
        var starts = [Int32](repeating: 0, count: buckets + 1)
        for hash in hashes { starts[bucket(of: hash) + 1] += 1 }
        for bucket in 1...buckets { starts[bucket] += starts[bucket - 1] }
        let fingerprints = hashes.flatMap { hash in
            (0..<fingerprintBytes).map { UInt8(truncatingIfNeeded: hash >> UInt64(8 * $0)) }
        }
        return [
            .init(bucket) { littleEndianBytes(starts) },
            .init(fingerprint) { padded(fingerprints, to: fingerprint.byteCount) },
        ]
    }

    /// The bucket of a hash.
    private func bucket(of hash: UInt64) -> Int { Int(((hash >> 32) * UInt64(buckets)) >> 32) }

    /// The number of features that a look-up takes for another one, because they share a bucket and two bytes.
    func sharedFingerprints(_ hashes: [UInt64]) -> Int {
        hashes.count - Set(hashes.map { UInt64(bucket(of: $0)) << 16 | $0 & 0xFFFF }).count
    }
}

/// Appends zeros, which stand for the single feature of a table without any.
func padded(_ bytes: [UInt8], to count: Int) -> [UInt8] {
    bytes + [UInt8](repeating: 0, count: count - bytes.count)
}
