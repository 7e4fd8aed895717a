import Foundation

/// Draws words with a probability that grows with the power 0.75 of their counts.
///
/// Each word has a threshold and an alias. A draw takes a random word, and its alias if a second random number is not below
/// the threshold.
///
/// - Source: Walker 1977, "An efficient method for generating discrete random variables with general distributions".
struct NegativeSampler: Sendable {
    private let thresholds: [UInt32]
    private let aliases: [Int32]

    /// Prepares the draws.
    ///
    /// - Parameter counts: The count of each word, at least one word.
    init(_ counts: [Int]) {
        let weights = counts.map { pow(Double($0), 0.75) }
        let mean = weights.reduce(0, +) / Double(weights.count)
        var shares = weights.map { $0 / mean }
        var (small, large): ([Int], [Int]) = ([], [])
        for (word, share) in shares.enumerated() {
            if share < 1 { small.append(word) } else { large.append(word) }
        }
        var thresholds = [UInt32](repeating: .max, count: counts.count)
        var aliases = counts.indices.map(Int32.init)
        while let low = small.popLast(), let high = large.last {
            thresholds[low] = UInt32(min(shares[low] * 0x1p32, Double(UInt32.max)))
            aliases[low] = Int32(high)
            shares[high] -= 1 - shares[low]
            if shares[high] < 1 {
                large.removeLast()
                small.append(high)
            }
        }
        (self.thresholds, self.aliases) = (thresholds, aliases)
    }

    /// Draws a word.
    @inline(__always)
    func draw(_ random: inout SplitMix64) -> Int32 {
        let bits = random.next()
        // The upper half chooses the word, and the lower half decides about its alias.
        let word = Int(((bits >> 32) &* UInt64(thresholds.count)) >> 32)
        return UInt32(truncatingIfNeeded: bits) < thresholds[word] ? Int32(word) : aliases[word]
    }
}
