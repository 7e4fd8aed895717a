import Text

/// Counts the features of a text.
///
/// It is a small hash table that is emptied in the time that it takes to visit what it holds.
struct FeatureCounts {
    private var features: [Int32] = []
    private var counts: [Int32] = []
    /// The places that are in use, in the order of their first use.
    private var used: [Int32] = []

    /// Counts the features among the n-grams of a text.
    ///
    /// - Parameters:
    ///   - ngrams: The n-grams of one block.
    ///   - table: The features of the block.
    mutating func count(_ ngrams: [NgramScanner.Occurrence], in table: NgramTable) {
        reset(capacity: ngrams.count)
        let (find, mask) = (table.lookup, features.count - 1)
        features.withUnsafeMutableBufferPointer { features in
            counts.withUnsafeMutableBufferPointer { counts in
                for ngram in ngrams {
                    let feature = find(ngram.hash)
                    guard feature >= 0 else { continue }
                    var place = (feature &* 0x9E37_79B1) & mask
                    while features[place] != feature {
                        if features[place] < 0 {
                            features[place] = Int32(truncatingIfNeeded: feature)
                            counts[place] = 0
                            used.append(Int32(truncatingIfNeeded: place))
                            break
                        }
                        place = (place + 1) & mask
                    }
                    counts[place] += 1
                }
            }
        }
    }

    /// Empties the table, and makes room for some features.
    private mutating func reset(capacity: Int) {
        for place in used { features[Int(place)] = -1 }
        used.removeAll(keepingCapacity: true)
        var size = max(256, features.count)
        while size < 2 * capacity { size *= 2 }
        guard size > features.count else { return }
        features = Array(repeating: -1, count: size)
        counts = Array(repeating: 0, count: size)
    }

    /// Calls `body` with each feature and its count, in the order of the first occurrence.
    @inline(__always)
    func forEach(_ body: (_ feature: Int, _ count: Int) -> Void) {
        features.withUnsafeBufferPointer { features in
            counts.withUnsafeBufferPointer { counts in
                for place in used { body(Int(features[Int(place)]), Int(counts[Int(place)])) }
            }
        }
    }
}
