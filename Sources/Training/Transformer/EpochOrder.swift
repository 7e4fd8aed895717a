/// The texts of each step, in an order that the seed chooses anew for each epoch.
struct EpochOrder {
    private let count: Int
    private let batch: Int
    private let seed: UInt64
    private let group: Int
    /// The length of each text if texts of similar length are learned together, or nil.
    private let lengths: [Int]?
    private var last: (epoch: Int, texts: [Int]) = (-1, [])

    /// The number of steps whose texts are sorted by length.
    static let sortedSteps = 32

    /// Creates an order.
    ///
    /// - Parameters:
    ///   - count: The number of texts.
    ///   - batch: The number of texts of a step.
    ///   - seed: Chooses the order.
    ///   - group: The number of neighbouring texts that stay together, of which `count` and `batch` are multiples.
    ///   - lengths: The length of each text, to sort the texts of some steps by length; nil to sort nothing.
    init(count: Int, batch: Int, seed: UInt64, group: Int = 1, lengths: [Int]? = nil) {
        precondition(group == 1 || lengths == nil)
        (self.count, self.batch, self.seed, self.group, self.lengths) = (count, batch, seed, group, lengths)
    }

    /// The number of steps of an epoch.
    var steps: Int { (count + batch - 1) / batch }

    /// The texts of a step.
    ///
    /// - Parameter step: The number of steps before it.
    /// - Returns: The numbers of the texts.
    mutating func texts(ofStep step: Int) -> [Int] {
        let epoch = step / steps
        if last.epoch != epoch { last = (epoch, texts(ofEpoch: epoch)) }
        let start = step % steps * batch
        return Array(last.texts[start..<min(start + batch, count)])
    }

    private func texts(ofEpoch epoch: Int) -> [Int] {
        var random = SplitMix64(seed: seed &+ UInt64(epoch) &* 0x9E37_79B9_7F4A_7C15)
        func shuffle(_ values: inout [Int]) {
            for index in values.indices.reversed() { values.swapAt(index, random.index(below: index + 1)) }
        }
        var groups = Array(0..<count / group)
        shuffle(&groups)
        var texts = groups.flatMap { $0 * group..<($0 + 1) * group }
        guard let lengths else { return texts }
        for start in stride(from: 0, to: count, by: batch * Self.sortedSteps) {
            let range = start..<min(start + batch * Self.sortedSteps, count)
            texts[range].sort { (lengths[$0], $0) < (lengths[$1], $1) }
        }
        // The last batch may be smaller, so it stays where it is.
        var batches = Array(0..<count / batch)
        shuffle(&batches)
        return batches.flatMap { texts[$0 * batch..<($0 + 1) * batch] } + texts[count / batch * batch..<count]
    }
}
