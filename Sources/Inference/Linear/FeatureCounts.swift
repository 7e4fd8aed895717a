/// Counts the features of a text.
///
/// It is a small hash table that is emptied in the time that it takes to visit what it holds.
struct FeatureCounts {
    private var features: [Int32] = []
    private var counts: [Int32] = []
    /// The places that are in use, in the order of their first use.
    private var used: [Int32] = []

    /// Empties the table, and makes room for some features.
    mutating func reset(capacity: Int) {
        for place in used { features[Int(place)] = -1 }
        used.removeAll(keepingCapacity: true)
        var size = max(256, features.count)
        while size < 2 * capacity { size *= 2 }
        guard size > features.count else { return }
        features = Array(repeating: -1, count: size)
        counts = Array(repeating: 0, count: size)
    }

    /// Counts a feature once more.
    @inline(__always)
    mutating func add(_ feature: Int) {
        let mask = features.count - 1
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

    /// Calls `body` with each feature and its count, in the order of the first occurrence.
    @inline(__always)
    func forEach(_ body: (_ feature: Int, _ count: Int) -> Void) {
        for place in used { body(Int(features[Int(place)]), Int(counts[Int(place)])) }
    }
}
