/// Chooses the feature of a split.
struct FeatureChoice {
    /// The number of features to draw among those that split a node.
    var tried: Int
    /// The fewest texts on either side.
    var leafTexts: Int

    /// The best feature of some that are drawn among those that split a node.
    ///
    /// - Parameters:
    ///   - counts: The counts of the texts of the node.
    ///   - total: The number of texts of the node.
    ///   - all: The weight of each class at the node.
    ///   - random: Draws the features.
    /// - Returns: The feature, or nil if none makes the node purer.
    func best(_ counts: inout FeatureCount, total: Int, _ all: [Double], _ random: inout SplitMix64) -> Int32? {
        // A split that does not make the node purer is none. The margin is above the errors of rounding.
        var best: Int32?
        var largest = all.reduce(0) { $0 + $1 * $1 } / all.reduce(0, +) * (1 + 1e-6)
        var (drawn, valid) = (0, 0)
        while drawn < counts.found.count, valid < tried {
            counts.swapFound(drawn, drawn + random.index(below: counts.found.count - drawn))
            let feature = counts.found[drawn]
            drawn += 1
            let present = Int(counts.texts[Int(feature)])
            guard present >= leafTexts, total - present >= leafTexts else { continue }
            valid += 1
            let purity = purity(Int(feature), counts, all)
            if purity > largest { (best, largest) = (feature, purity) }
        }
        return best
    }

    /// The sum of the squared class weights of each side, divided by the weight of the side.
    ///
    /// The larger it is, the smaller is the mean Gini impurity.
    private func purity(_ feature: Int, _ counts: FeatureCount, _ all: [Double]) -> Double {
        var (with, without) = ((weight: 0.0, squares: 0.0), (weight: 0.0, squares: 0.0))
        for label in all.indices {
            let part = max(0, Double(counts.sums[feature * all.count + label]))
            let rest = max(0, all[label] - part)
            with = (with.weight + part, with.squares + part * part)
            without = (without.weight + rest, without.squares + rest * rest)
        }
        return (with.weight > 0 ? with.squares / with.weight : 0)
            + (without.weight > 0 ? without.squares / without.weight : 0)
    }
}
