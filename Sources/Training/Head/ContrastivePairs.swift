/// Pairs of labelled texts, from which an encoder learns to put texts with the same label near each other.
///
/// - Source: Tunstall et al. 2022, arXiv:2209.11055.
public struct ContrastivePairs: Sendable, Equatable {
    /// The numbers of the texts, those of a pair one behind the other.
    public private(set) var texts: [Int] = []
    /// For each pair, whether both texts have the same label.
    public private(set) var isSame: [Bool] = []

    /// Draws pairs.
    ///
    /// Each text is the first one of as many pairs with a text of its own label as with a text of another label.
    ///
    /// - Parameters:
    ///   - labels: The class of each text, of which at least two occur.
    ///   - perText: The number of pairs of each kind for each text.
    ///   - seed: The same seed draws the same pairs.
    public init(_ labels: [Int], perText: Int, seed: UInt64) {
        var random = SplitMix64(seed: seed)
        let classes = (labels.max() ?? 0) + 1
        var (same, other) = ([[Int]](repeating: [], count: classes), [[Int]](repeating: [], count: classes))
        for (text, label) in labels.enumerated() {
            for index in 0..<classes {
                if index == label { same[index].append(text) } else { other[index].append(text) }
            }
        }
        for _ in 0..<perText {
            for (text, label) in labels.enumerated() {
                for (isSame, others) in [(true, same[label]), (false, other[label])] where others.count > 1 || !isSame {
                    guard !others.isEmpty else { continue }
                    var second = others[random.index(below: others.count)]
                    while second == text { second = others[random.index(below: others.count)] }
                    texts += [text, second]
                    self.isSame.append(isSame)
                }
            }
        }
    }
}
