/// Chooses the feature of a split.
///
/// It counts the texts of a node that have each feature, and keeps the memory for the next node.
struct FeatureChoice {
    private let classes: Int
    /// The number of texts with each feature.
    private var texts: [Int32]
    /// The weight of each class among the texts with each feature, (features, classes).
    private var sums: [Float]
    /// The features that occur.
    private var found: [Int32] = []

    init(featureCount: Int, classes: Int) {
        self.classes = classes
        texts = Array(repeating: 0, count: featureCount)
        sums = Array(repeating: 0, count: featureCount * classes)
    }

    /// Counts the features of the texts of a node.
    mutating func count(_ members: ArraySlice<Int32>, _ index: FeatureIndex, _ labels: [Int], _ weights: [Double]) {
        for feature in found {
            texts[Int(feature)] = 0
            for label in 0..<classes { sums[Int(feature) * classes + label] = 0 }
        }
        found.removeAll(keepingCapacity: true)
        for text in members {
            let (label, weight) = (labels[Int(text)], Float(weights[Int(text)]))
            for feature in index.features(of: text) {
                if texts[Int(feature)] == 0 { found.append(feature) }
                texts[Int(feature)] += 1
                sums[Int(feature) * classes + label] += weight
            }
        }
    }

    /// The best feature of some that are drawn among those that split the node.
    ///
    /// - Parameters:
    ///   - tried: The number of features to draw.
    ///   - leaf: The fewest texts on either side.
    ///   - count: The number of texts of the node.
    ///   - all: The weight of each class at the node.
    ///   - random: Draws the features.
    /// - Returns: The feature, or nil if none splits the node.
    mutating func best(
        of tried: Int, leaf: Int, texts count: Int, _ all: [Double], _ random: inout SplitMix64
    ) -> Int32? {
        var (best, largest) = (Int32?.none, 0.0)
        var (drawn, valid) = (0, 0)
        while drawn < found.count, valid < tried {
            found.swapAt(drawn, drawn + random.index(below: found.count - drawn))
            let feature = found[drawn]
            drawn += 1
            let present = Int(texts[Int(feature)])
            guard present >= leaf, count - present >= leaf else { continue }
            valid += 1
            let purity = purity(Int(feature), all)
            if purity > largest { (best, largest) = (feature, purity) }
        }
        return best
    }

    /// The sum of the squared class weights of each side, divided by the weight of the side.
    ///
    /// The larger it is, the smaller is the mean Gini impurity.
    private func purity(_ feature: Int, _ all: [Double]) -> Double {
        var (with, without) = ((weight: 0.0, squares: 0.0), (weight: 0.0, squares: 0.0))
        for label in 0..<classes {
            let part = Double(sums[feature * classes + label])
            let rest = max(0, all[label] - part)
            with = (with.weight + part, with.squares + part * part)
            without = (without.weight + rest, without.squares + rest * rest)
        }
        return (with.weight > 0 ? with.squares / with.weight : 0)
            + (without.weight > 0 ? without.squares / without.weight : 0)
    }
}
