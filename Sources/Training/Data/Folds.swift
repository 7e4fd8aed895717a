/// Divides labelled texts into parts of about the same size for cross-validation.
public struct Folds: Sendable, Equatable {
    /// The part of each text, from 0.
    public let part: [Int]
    /// The number of parts.
    public let count: Int

    /// Divides texts so that each part has about the same share of each class.
    ///
    /// Equal texts are in the same part, so no text is both learned and measured.
    ///
    /// - Parameters:
    ///   - texts: The texts.
    ///   - labels: The class of each text, from 0.
    ///   - count: The number of parts, at least 2.
    ///   - seed: The same seed divides the same texts in the same way.
    public init(_ texts: [String], _ labels: [Int], count: Int, seed: UInt64) {
        precondition(count >= 2 && texts.count == labels.count)
        self.count = count
        let hashes = texts.map { Split.hash($0, seed) }
        let order = texts.indices.sorted { (hashes[$0], $0) < (hashes[$1], $1) }
        var part = [Int](repeating: 0, count: texts.count)
        var next: [Int: Int] = [:]
        var last: Int?
        for index in order {
            if let last, hashes[last] == hashes[index] {
                part[index] = part[last]
            } else {
                part[index] = next[labels[index], default: 0]
                next[labels[index]] = (part[index] + 1) % count
            }
            last = index
        }
        self.part = part
    }

    /// The indices of the texts to learn from and to measure on, if one part is held out.
    ///
    /// - Parameter fold: The part to hold out.
    /// - Returns: The indices in ascending order.
    public func split(_ fold: Int) -> (training: [Int], heldOut: [Int]) {
        (part.indices.filter { part[$0] != fold }, part.indices.filter { part[$0] == fold })
    }
}
