/// Grows one tree of a forest.
struct TreeGrower {
    private let index: FeatureIndex
    private let labels: [Int]
    private let classes: Int
    private let choice: FeatureChoice
    /// The weight of each text, with its draws.
    private let weights: [Float]
    /// The texts that were drawn.
    ///
    /// Those of a node stand side by side.
    private var order: [Int32]
    /// The position of each text in `order`, or -1.
    private var positions: [Int32]
    private var random: SplitMix64
    /// The counts of the node that is split.
    private var counts: FeatureCount
    /// The counts of the texts at the node that have the feature.
    private var present: FeatureCount
    private var tree = DecisionTree()

    /// The most nodes of a tree that are split, so that a jump has room in the node of a model file.
    private static let mostSplits = 250_000

    init(
        _ recipe: ForestRecipe, _ index: FeatureIndex, _ labels: [Int], _ weights: [Double], classes: Int, number: Int
    ) {
        self.index = index
        self.labels = labels
        self.classes = classes
        choice = FeatureChoice(
            tried: recipe.tried ?? max(1, Int(Double(index.featureCount).squareRoot())), leafTexts: recipe.leafTexts)
        random = SplitMix64(seed: recipe.seed &* 0x9E37_79B9_7F4A_7C15 &+ UInt64(number))
        var draws = [Int32](repeating: recipe.kind == .extra ? 1 : 0, count: index.textCount)
        if recipe.kind == .random {
            for _ in 0..<index.textCount { draws[random.index(below: index.textCount)] += 1 }
        }
        self.weights = zip(weights, draws).map { Float($0) * Float($1) }
        order = draws.indices.filter { draws[$0] > 0 }.map { Int32($0) }
        positions = Array(repeating: -1, count: index.textCount)
        for (position, text) in order.enumerated() { positions[Int(text)] = Int32(position) }
        counts = FeatureCount(featureCount: index.featureCount, classes: classes)
        present = counts
    }

    /// Grows the tree.
    mutating func grow() -> DecisionTree {
        // Nodes that are waiting: their texts, the weight of each class, and the node that jumps to them.
        var waiting: [(texts: Range<Int>, sums: [Double], parent: Int)] = [(0..<order.count, sums(), -1)]
        while let next = waiting.popLast() {
            var (texts, sums) = (next.texts, next.sums)
            if next.parent >= 0 { tree.jumps[next.parent] = Int32(tree.features.count - next.parent) }
            if canSplit(texts) { counts.count(order[texts], index, labels, weights) }
            while let (node, middle, present) = split(texts, sums) {
                waiting.append((middle..<texts.upperBound, present, node))
                count(texts.lowerBound..<middle, without: middle..<texts.upperBound)
                texts = texts.lowerBound..<middle
                for label in 0..<classes { sums[label] -= present[label] }
            }
        }
        return tree
    }

    /// Makes a node, and splits it if that tells the classes apart.
    ///
    /// - Parameters:
    ///   - texts: The texts of the node, whose features were counted if it can be split.
    ///   - sums: The weight of each class at the node.
    /// - Returns: The node, the first text with the feature, and the weight of each class among those with the feature;
    ///   or nil if the node is a leaf.
    private mutating func split(
        _ texts: Range<Int>, _ sums: [Double]
    ) -> (node: Int, middle: Int, present: [Double])? {
        let node = tree.features.count
        append(sums)
        guard canSplit(texts), let feature = choice.best(&counts, total: texts.count, sums, &random) else { return nil }
        tree.features[node] = feature
        return (node, partition(texts, by: feature), counts.weights(with: feature))
    }

    private func canSplit(_ texts: Range<Int>) -> Bool {
        texts.count >= 2 * choice.leafTexts && tree.features.count < Self.mostSplits
    }

    /// Counts the features of the texts without the feature of a split.
    ///
    /// If most texts are among them, it is faster to take away the counts of the others.
    private mutating func count(_ texts: Range<Int>, without others: Range<Int>) {
        guard canSplit(texts) else { return }
        if others.count < texts.count, texts.count > Self.fewTexts {
            present.count(order[others], index, labels, weights)
            counts.subtract(present)
        } else {
            counts.count(order[texts], index, labels, weights)
        }
    }

    /// The features of so few texts are counted anew, which forgets those that no longer occur.
    private static let fewTexts = 100

    /// The weight of each class among all texts.
    private func sums() -> [Double] {
        var sums = [Double](repeating: 0, count: classes)
        for text in order { sums[labels[Int(text)]] += Double(weights[Int(text)]) }
        return sums
    }

    /// Appends a leaf.
    private mutating func append(_ sums: [Double]) {
        let total = sums.reduce(0, +)
        tree.features.append(-1)
        tree.jumps.append(0)
        tree.shares += (classes == 2 ? sums[1...] : sums[...]).map { Float(min(max($0 / total, 0), 1)) }
    }

    /// Moves the texts that have a feature behind the others, and returns the position of the first of them.
    private mutating func partition(_ texts: Range<Int>, by feature: Int32) -> Int {
        var middle = texts.upperBound
        for text in index.texts(with: feature) {
            let position = Int(positions[Int(text)])
            guard position >= texts.lowerBound, position < middle else { continue }
            middle -= 1
            let other = order[middle]
            order[middle] = text
            order[position] = other
            positions[Int(other)] = Int32(position)
            positions[Int(text)] = Int32(middle)
        }
        return middle
    }
}
