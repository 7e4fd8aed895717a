/// The texts that occur with several labels.
public struct LabelConflicts {
    /// The most frequent label of each text that has several; of equally frequent ones, the first in the data.
    private var winners: [String: Int] = [:]

    /// The number of different texts with several labels.
    public var count: Int { winners.count }

    /// Finds the texts.
    ///
    /// - Parameters:
    ///   - texts: The texts.
    ///   - labels: The class of each text.
    public init(_ texts: [String], _ labels: [Int]) {
        var first: [String: Int] = [:]
        var several: [String: [(label: Int, count: Int)]] = [:]
        for (text, label) in zip(texts, labels)
        where first.updateValue(label, forKey: text).map({ $0 != label }) == true {
            several[text] = []
        }
        guard !several.isEmpty else { return }
        for (text, label) in zip(texts, labels) {
            guard var counts = several[text] else { continue }
            if let place = counts.firstIndex(where: { $0.label == label }) {
                counts[place].count += 1
            } else {
                counts.append((label, 1))
            }
            several[text] = counts
        }
        winners = several.mapValues { counts in
            let most = counts.map(\.count).max() ?? 0
            return counts.first { $0.count == most }?.label ?? 0
        }
    }

    /// The labels, where each text with several labels has its most frequent one.
    ///
    /// - Parameters:
    ///   - texts: The texts.
    ///   - labels: The class of each text.
    /// - Returns: The new class of each text.
    public func majority(_ texts: [String], _ labels: [Int]) -> [Int] {
        zip(texts, labels).map { winners[$0] ?? $1 }
    }

    /// The positions of the texts that have one label.
    ///
    /// - Parameter texts: The texts.
    /// - Returns: The positions in ascending order.
    public func indicesWithout(_ texts: [String]) -> [Int] { texts.indices.filter { winners[texts[$0]] == nil } }
}
