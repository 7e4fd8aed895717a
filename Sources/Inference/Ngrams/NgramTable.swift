import ModelFile

/// Finds the feature of an n-gram in the mapped file.
///
/// Features are sorted by hash and divided into buckets. A look-up reads the position of one bucket and compares the
/// fingerprints in it. With fingerprints of two bytes, an unknown n-gram is taken for a known one with a probability of
/// about 1 in 8,000. With whole hashes as fingerprints, this practically never happens.
struct NgramTable {
    /// The number of features.
    let count: Int
    private let buckets: Tensor
    private let fingerprints: Tensor
    private let holdsHashes: Bool

    init(_ file: ModelFile, _ schema: NgramTableSchema) throws(ModelFileError) {
        count = schema.features
        holdsHashes = schema.fingerprintBytes == 8
        buckets = try file.tensor(schema.bucket)
        fingerprints = try file.tensor(schema.fingerprint)
        var last: Int32 = 0
        for start in buckets.elements(as: Int32.self) {
            guard start >= last, start <= count else {
                throw .invalid(path: file.path, reason: "the buckets of '\(schema.name)' are not in order")
            }
            last = start
        }
        guard Int(last) == count else {
            throw .invalid(path: file.path, reason: "the buckets of '\(schema.name)' do not hold all its features")
        }
    }

    /// Finds features, as long as the file exists.
    var lookup: Lookup {
        Lookup(
            buckets: buckets.elements(as: Int32.self),
            fingerprints: UnsafeRawBufferPointer(fingerprints.elements(as: Int8.self)), holdsHashes: holdsHashes)
    }

    /// The bytes of a table, for many look-ups.
    struct Lookup {
        fileprivate let buckets: UnsafeBufferPointer<Int32>
        fileprivate let fingerprints: UnsafeRawBufferPointer
        fileprivate let holdsHashes: Bool

        /// The number of fingerprints that are compared at once, which is as many as most buckets have.
        private static var lanes: Int { 16 }

        /// The feature of a hash, or -1.
        ///
        /// The way through the code depends on the hash as little as possible, because a processor cannot guess it.
        @inline(__always)
        func callAsFunction(_ hash: UInt64) -> Int {
            let bucket = Int(((hash &>> 32) &* UInt64(buckets.count - 1)) &>> 32)
            var index = Int(buckets[bucket])
            let end = Int(buckets[bucket + 1])
            guard !holdsHashes else { return find(hash, in: index..<end) }
            let wanted = UInt16(truncatingIfNeeded: hash)
            while index < end, index &+ Self.lanes <= fingerprints.count / 2 {
                let lane = lane(of: wanted, from: index)
                if lane < Self.lanes || index &+ Self.lanes >= end { return index &+ lane < end ? index &+ lane : -1 }
                index &+= Self.lanes
            }
            while index < end {
                let found = fingerprints.loadUnaligned(fromByteOffset: 2 &* index, as: UInt16.self)
                if UInt16(littleEndian: found) == wanted { return index }
                index &+= 1
            }
            return -1
        }

        /// The feature in a bucket whose whole hash this is, or -1.
        private func find(_ hash: UInt64, in bucket: Range<Int>) -> Int {
            for index in bucket {
                let found = fingerprints.loadUnaligned(fromByteOffset: 8 &* index, as: UInt64.self)
                if UInt64(littleEndian: found) == hash { return index }
            }
            return -1
        }

        /// The first of 16 fingerprints that has a value, or 16.
        @inline(__always)
        private func lane(of wanted: UInt16, from index: Int) -> Int {
            let four = UInt64(wanted) &* 0x0001_0001_0001_0001
            let (first, second) = (equal(four, index), equal(four, index &+ 4))
            let (third, fourth) = (equal(four, index &+ 8), equal(four, index &+ 12))
            let lower = first != 0 ? first.trailingZeroBitCount : 64 &+ second.trailingZeroBitCount
            let upper = third != 0 ? 128 &+ third.trailingZeroBitCount : 192 &+ fourth.trailingZeroBitCount
            return (first | second != 0 ? lower : upper) / 16
        }

        /// Marks those of four fingerprints that have a value: the lowest one exactly, those above it perhaps wrongly.
        @inline(__always)
        private func equal(_ four: UInt64, _ index: Int) -> UInt64 {
            let found = fingerprints.loadUnaligned(fromByteOffset: 2 &* index, as: UInt64.self)
            let difference = UInt64(littleEndian: found) ^ four
            return (difference &- 0x0001_0001_0001_0001) & ~difference & 0x8000_8000_8000_8000
        }
    }
}
