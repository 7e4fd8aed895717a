import ModelFile
import Text

/// Finds the feature of an n-gram in the mapped file.
///
/// Features are sorted by hash and divided into buckets. A look-up reads the position of one bucket and compares the
/// fingerprints in it. With fingerprints of two bytes, an unknown n-gram is taken for a known one with a probability of
/// about 1 in 8,000. With whole hashes as fingerprints, this practically never happens. If a table has no tensors, the
/// first bits of the hash are the feature.
struct NgramTable {
    /// The number of features.
    let count: Int
    private let hashBits: Int?
    private let holdsHashes: Bool
    private let tensors: (buckets: Tensor, fingerprints: Tensor)?

    init(_ file: ModelFile, _ schema: NgramTableSchema) throws(ModelFileError) {
        count = schema.features
        hashBits = schema.hashBits
        holdsHashes = schema.fingerprintBytes == 8
        guard hashBits == nil else {
            tensors = nil
            return
        }
        let buckets = try file.tensor(schema.bucket)
        tensors = (buckets, try file.tensor(schema.fingerprint))
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
        guard let tensors else {
            return Lookup(
                hashBits: hashBits ?? 0, holdsHashes: false, buckets: .init(start: nil, count: 0),
                fingerprints: .init(start: nil, count: 0))
        }
        return Lookup(
            hashBits: 0, holdsHashes: holdsHashes, buckets: tensors.buckets.elements(as: Int32.self),
            fingerprints: UnsafeRawBufferPointer(tensors.fingerprints.elements(as: Int8.self)))
    }

    /// The bytes of a table, for many look-ups.
    struct Lookup {
        /// The number of bits of the hash that are the feature, or 0 if features are looked up.
        fileprivate let hashBits: Int
        /// Whether the fingerprints are whole hashes.
        fileprivate let holdsHashes: Bool
        fileprivate let buckets: UnsafeBufferPointer<Int32>
        fileprivate let fingerprints: UnsafeRawBufferPointer

        /// The number of fingerprints that are compared at once, which is as many as most buckets have.
        private static var lanes: Int { 16 }

        /// The feature of a hash, or -1.
        @inline(__always)
        func callAsFunction(_ hash: UInt64) -> Int { self(hash, from: first(hash)) }

        /// The first feature of the bucket of a hash; the feature itself if no table is needed.
        @inline(__always)
        func first(_ hash: UInt64) -> Int32 {
            hashBits > 0 ? Int32(truncatingIfNeeded: NgramHash.first(hashBits, of: hash)) : buckets[bucket(hash)]
        }

        /// A byte of the fingerprint of a feature.
        @inline(__always)
        func read(at feature: Int32) -> UInt8 {
            let offset = (holdsHashes ? 8 : 2) &* Int(feature)
            return offset < fingerprints.count ? fingerprints[offset] : 0
        }

        /// The feature of a hash, or -1.
        ///
        /// The way through the code depends on the hash as little as possible, because a processor cannot guess it.
        @inline(__always)
        func callAsFunction(_ hash: UInt64, from first: Int32) -> Int {
            let index = Int(first)
            if hashBits > 0 { return index }
            let end = Int(buckets[bucket(hash) + 1])
            if holdsHashes { return find(hash, index..<end) }
            let wanted = UInt16(truncatingIfNeeded: hash)
            guard end &- index <= Self.lanes, index &+ Self.lanes <= fingerprints.count / 2 else {
                return find(wanted, index..<end)
            }
            let inside = (1 as UInt32) &<< UInt32(truncatingIfNeeded: end &- index)
            let lane = ((matches(wanted, from: index) & (inside &- 1)) | 1 << 16).trailingZeroBitCount
            return index &+ lane | -(lane / Self.lanes)
        }

        @inline(__always)
        private func bucket(_ hash: UInt64) -> Int {
            Int(truncatingIfNeeded: ((hash &>> 32) &* UInt64(truncatingIfNeeded: buckets.count &- 1)) &>> 32)
        }

        /// The feature with a fingerprint in a bucket of any size and at any place, or -1.
        private func find<Fingerprint: FixedWidthInteger & BitwiseCopyable>(
            _ wanted: Fingerprint, _ bucket: Range<Int>
        ) -> Int {
            let size = MemoryLayout<Fingerprint>.size
            return bucket.first {
                let found = fingerprints.loadUnaligned(fromByteOffset: size * $0, as: Fingerprint.self)
                return Fingerprint(littleEndian: found) == wanted
            } ?? -1
        }

        /// A bit for each of 16 fingerprints: whether it has a value.
        @inline(__always)
        private func matches(_ wanted: UInt16, from index: Int) -> UInt32 {
            let four = UInt64(wanted) &* 0x0001_0001_0001_0001
            return fourMatches(four, index) | fourMatches(four, index &+ 4) &<< 4
                | fourMatches(four, index &+ 8) &<< 8 | fourMatches(four, index &+ 12) &<< 12
        }

        /// A bit for each of four fingerprints: whether it has a value.
        @inline(__always)
        private func fourMatches(_ four: UInt64, _ index: Int) -> UInt32 {
            let found = fingerprints.loadUnaligned(fromByteOffset: 2 &* index, as: UInt64.self)
            let difference = UInt64(littleEndian: found) ^ four
            // The highest bit of a lane stays 0 only if all bits of the lane are 0.
            let low: UInt64 = 0x7FFF_7FFF_7FFF_7FFF
            let equal = ~(((difference & low) &+ low) | difference | low) &>> 15
            // The bits 0, 16, 32 and 48 become the bits 60 to 63.
            return UInt32(truncatingIfNeeded: (equal &* 0x1000_2000_4000_8000) &>> 60)
        }
    }
}
