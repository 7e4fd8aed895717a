/// How many texts of a node have each feature, and of which classes they are.
struct FeatureCount {
    let classes: Int
    /// The number of texts with each feature.
    private(set) var texts: [Int32]
    /// The weight of each class among the texts with each feature, (features, classes).
    private(set) var sums: [Float]
    /// The features that occurred when the texts were counted.
    private(set) var found: [Int32] = []

    init(featureCount: Int, classes: Int) {
        self.classes = classes
        texts = Array(repeating: 0, count: featureCount)
        sums = Array(repeating: 0, count: featureCount * classes)
    }

    /// Counts the features of some texts.
    mutating func count(_ members: ArraySlice<Int32>, _ index: FeatureIndex, _ labels: [Int], _ weights: [Float]) {
        for feature in found {
            texts[Int(feature)] = 0
            for label in 0..<classes { sums[Int(feature) * classes + label] = 0 }
        }
        found.removeAll(keepingCapacity: true)
        for text in members {
            let (label, weight) = (labels[Int(text)], weights[Int(text)])
            for feature in index.features(of: text) {
                if texts[Int(feature)] == 0 { found.append(feature) }
                texts[Int(feature)] += 1
                sums[Int(feature) * classes + label] += weight
            }
        }
    }

    /// Takes away the counts of some of the texts.
    mutating func subtract(_ other: FeatureCount) {
        for feature in other.found {
            texts[Int(feature)] -= other.texts[Int(feature)]
            for label in 0..<classes {
                sums[Int(feature) * classes + label] -= other.sums[Int(feature) * classes + label]
            }
        }
    }

    /// The weight of each class among the texts with a feature.
    func weights(with feature: Int32) -> [Double] {
        sums[Int(feature) * classes..<(Int(feature) + 1) * classes].map(Double.init)
    }

    /// Swaps two of the features that occurred.
    mutating func swapFound(_ first: Int, _ second: Int) { found.swapAt(first, second) }
}
