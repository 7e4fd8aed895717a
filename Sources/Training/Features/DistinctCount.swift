import Foundation

/// Estimates how many different hashes it has seen, in memory that does not grow.
///
/// - Source: Whang, Vander-Zanden and Taylor 1990, "A linear-time probabilistic counting algorithm for database
///   applications".
struct DistinctCount {
    /// One bit for each value of the last bits of a hash: whether a hash ended with it.
    private var words = [UInt64](repeating: 0, count: Self.bits / 64)

    private static let bits = 1 << 24

    /// Adds a hash.
    mutating func add(_ hash: UInt64) {
        let bit = Int(truncatingIfNeeded: hash) & (Self.bits - 1)
        words[bit / 64] |= 1 << UInt64(bit % 64)
    }

    /// Adds the hashes of another count.
    mutating func add(_ other: DistinctCount) {
        for index in words.indices { words[index] |= other.words[index] }
    }

    /// The estimate, whose error is far below 1 % up to a hundred million hashes.
    var estimate: Double {
        let free = words.reduce(Self.bits) { $0 - $1.nonzeroBitCount }
        return Double(Self.bits) * log(Double(Self.bits) / Double(max(1, free)))
    }
}
