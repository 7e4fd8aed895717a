import Foundation
public import Text

/// The features of one block of n-grams, in the order of their hashes.
public struct NgramVocabulary: Sendable {
    /// The kind of the n-grams.
    public let block: NgramBlock
    /// The hash of each feature, in ascending order.
    public let hashes: [UInt64]
    /// The inverse document frequency of each feature: ln((1 + n) / (1 + df)) + 1.
    public let frequencies: [Double]
    /// The estimated share of the n-grams that share their feature with another one, if the first bits of the hash are the
    /// feature; otherwise 0.
    public let collisionRate: Double
    /// For each hash table place, the feature, or -1.
    private let places: [Int32]

    init(_ block: NgramBlock, _ ngrams: [(hash: UInt64, texts: Int32)], texts: Int) {
        self.init(block, ngrams.map(\.hash), ngrams.map { Self.frequency(in: $0.texts, of: texts) })
    }

    /// Features that are the first bits of a hash.
    ///
    /// - Parameters:
    ///   - block: The kind of the n-grams, which has a number of bits.
    ///   - buckets: The features that occur, and the number of texts of each.
    ///   - distinct: The number of n-grams.
    ///   - texts: The number of all texts.
    init(_ block: NgramBlock, buckets: [(hash: UInt64, texts: Int32)], distinct: Double, texts: Int) {
        let bits = block.hashBits ?? 0
        var frequencies = [Double](repeating: Self.frequency(in: 0, of: texts), count: 1 << bits)
        for bucket in buckets { frequencies[Int(bucket.hash)] = Self.frequency(in: bucket.texts, of: texts) }
        self.block = block
        self.frequencies = frequencies
        hashes = frequencies.indices.map { UInt64($0) << UInt64(64 - bits) }
        places = []
        // Each of the other n-grams misses a feature with the probability 1 − 1/count.
        collisionRate = 1 - pow(1 - 1 / Double(frequencies.count), max(0, distinct - 1))
    }

    private static func frequency(in texts: Int32, of all: Int) -> Double {
        log((1 + Double(all)) / (1 + Double(texts))) + 1
    }

    /// Some of the features of another vocabulary.
    ///
    /// - Parameters:
    ///   - other: The other vocabulary.
    ///   - features: The features to keep, in ascending order.
    init(_ other: NgramVocabulary, keeping features: [Int]) {
        self.init(other.block, features.map { other.hashes[$0] }, features.map { other.frequencies[$0] })
    }

    private init(_ block: NgramBlock, _ hashes: [UInt64], _ frequencies: [Double]) {
        (self.block, self.hashes, self.frequencies, collisionRate) = (block, hashes, frequencies, 0)
        var size = 16
        while size < 2 * hashes.count { size *= 2 }
        var places = [Int32](repeating: -1, count: size)
        for (feature, hash) in hashes.enumerated() {
            var place = Int(truncatingIfNeeded: hash) & (size - 1)
            while places[place] >= 0 { place = (place + 1) & (size - 1) }
            places[place] = Int32(feature)
        }
        self.places = places
    }

    /// The feature of an n-gram, or -1.
    func feature(of hash: UInt64) -> Int32 {
        if let bits = block.hashBits { return Int32(truncatingIfNeeded: NgramHash.first(bits, of: hash)) }
        let mask = places.count - 1
        var place = Int(truncatingIfNeeded: hash) & mask
        while places[place] >= 0 {
            if hashes[Int(places[place])] == hash { return places[place] }
            place = (place + 1) & mask
        }
        return -1
    }
}
