import Text

/// Counts the features of a text.
///
/// It is a small hash table that is emptied in the time that it takes to visit what it holds.
struct FeatureCounts {
    private var features: [Int32] = []
    private var counts: [Int32] = []
    /// The places that are in use, in the order of their first use.
    private var used: [Int32] = []
    private var usedCount = 0
    /// The features among the n-grams, with repetitions.
    private var found: [Int32] = []
    /// The sum of the bytes that were read ahead.
    private var readAhead: UInt8 = 0

    /// The number of n-grams, with repetitions, that are features.
    private(set) var known = 0

    /// Counts the features among the n-grams of a text.
    ///
    /// - Parameters:
    ///   - ngrams: The n-grams of one block.
    ///   - table: The features of the block.
    mutating func count(_ ngrams: [NgramScanner.Occurrence], in table: NgramTable) {
        reset(capacity: ngrams.count)
        let foundCount = find(ngrams, in: table)
        known = foundCount
        let mask = features.count - 1
        features.withUnsafeMutableBufferPointer { features in
            counts.withUnsafeMutableBufferPointer { counts in
                used.withUnsafeMutableBufferPointer { used in
                    for feature in found.prefix(foundCount) {
                        var place = (Int(feature) &* 0x9E37_79B1) & mask
                        while features[place] != feature {
                            if features[place] < 0 {
                                features[place] = feature
                                counts[place] = 0
                                used[usedCount] = Int32(truncatingIfNeeded: place)
                                usedCount &+= 1
                                break
                            }
                            place = (place &+ 1) & mask
                        }
                        counts[place] &+= 1
                    }
                }
            }
        }
    }

    /// Writes the features among n-grams to `found`, and returns their number.
    ///
    /// Each look-up writes a result, and an unknown n-gram is overwritten by the next one. A branch would be guessed wrong
    /// half of the time. Short loops that only read let the processor wait for many places in memory at once.
    private mutating func find(_ ngrams: [NgramScanner.Occurrence], in table: NgramTable) -> Int {
        let find = table.lookup
        var count = 0
        found.withUnsafeMutableBufferPointer { found in
            for index in ngrams.indices { found[index] = find.first(ngrams[index].hash) }
            // The sum is kept, because the compiler leaves out reads without a result.
            for index in ngrams.indices { readAhead &+= find.read(at: found[index]) }
            for index in ngrams.indices {
                let feature = find(ngrams[index].hash, from: found[index])
                found[count] = Int32(truncatingIfNeeded: feature)
                count &+= feature >= 0 ? 1 : 0
            }
        }
        return count
    }

    /// Empties the table, and makes room for some features.
    private mutating func reset(capacity: Int) {
        for index in 0..<usedCount { features[Int(used[index])] = -1 }
        usedCount = 0
        var size = max(256, features.count)
        while size < 2 * capacity { size *= 2 }
        guard size > features.count else { return }
        features = Array(repeating: -1, count: size)
        counts = Array(repeating: 0, count: size)
        used = Array(repeating: 0, count: size / 2)
        found = Array(repeating: 0, count: size / 2)
    }

    /// Calls `body` with each feature and its count, in the order of the first occurrence.
    @inline(__always)
    func forEach(_ body: (_ feature: Int, _ count: Int) -> Void) {
        features.withUnsafeBufferPointer { features in
            counts.withUnsafeBufferPointer { counts in
                for place in used.prefix(usedCount) { body(Int(features[Int(place)]), Int(counts[Int(place)])) }
            }
        }
    }
}
