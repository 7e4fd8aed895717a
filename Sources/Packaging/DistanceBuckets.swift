import Foundation

/// The rows in which MPNet has the numbers for distances: one for each short distance, then ever wider ranges.
///
/// Half of the rows are for tokens before a query, and half for those after it.
///
/// - Source: Raffel et al. 2019, arXiv:1910.10683, section 2.1; `MPNetEncoder` of Hugging Face transformers.
enum DistanceBuckets {
    /// The number of rows, which is the only one that the reference supports.
    static let count = 32
    /// The distance from which on all share a row.
    private static let farthest: Float = 128

    /// Spreads a table over all distances.
    ///
    /// - Parameters:
    ///   - table: The numbers, (`count`, heads).
    ///   - heads: The number of heads.
    ///   - maxTokens: The number of positions.
    /// - Returns: The numbers, (heads, 2 · maxTokens - 1), from the most tokens before a query to the most after it.
    static func spread(_ table: [Float], heads: Int, maxTokens: Int) -> [Float] {
        let rows = (1 - maxTokens..<maxTokens).map(bucket)
        return (0..<heads).flatMap { head in rows.map { table[$0 * heads + head] } }
    }

    /// The row for a key that is `distance` tokens after its query.
    static func bucket(of distance: Int) -> Int {
        let half = count / 2
        let (side, exact, size) = (distance > 0 ? half : 0, half / 2, abs(distance))
        guard size >= exact else { return side + size }
        // In float32, as in the reference.
        let share = log(Float(size) / Float(exact)) / log(farthest / Float(exact))
        return side + min(exact + Int(share * Float(half - exact)), half - 1)
    }
}
