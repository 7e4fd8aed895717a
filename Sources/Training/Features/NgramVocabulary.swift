import Foundation
public import Text

/// The n-grams of one block that are features, in the order of their hashes.
public struct NgramVocabulary: Sendable {
    /// The kind of the n-grams.
    public let block: NgramBlock
    /// The hash of each feature, in ascending order.
    public let hashes: [UInt64]
    /// The inverse document frequency of each feature: ln((1 + n) / (1 + df)) + 1.
    public let frequencies: [Double]
    /// For each hash table place, the feature, or -1.
    private let places: [Int32]

    init(_ block: NgramBlock, _ ngrams: [(hash: UInt64, texts: Int32)], texts: Int) {
        self.init(
            block, ngrams.map(\.hash), ngrams.map { log((1 + Double(texts)) / (1 + Double($0.texts))) + 1 })
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
        (self.block, self.hashes, self.frequencies) = (block, hashes, frequencies)
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
        let mask = places.count - 1
        var place = Int(truncatingIfNeeded: hash) & mask
        while places[place] >= 0 {
            if hashes[Int(places[place])] == hash { return places[place] }
            place = (place + 1) & mask
        }
        return -1
    }
}
