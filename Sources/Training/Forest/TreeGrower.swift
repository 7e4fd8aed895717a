/// Grows one tree of a forest.
struct TreeGrower {
    private let index: FeatureIndex
    private let labels: [Int]
    private let classes: Int
    private let leafTexts: Int
    private let tried: Int
    /// The weight of each text, with its draws.
    private var weights: [Double]
    /// The texts that were drawn.
    ///
    /// Those of a node stand side by side.
    private var order: [Int32]
    /// The position of each text in `order`, or -1.
    private var positions: [Int32]
    private var random: SplitMix64
    private var choice: FeatureChoice
    private var tree = DecisionTree()

    /// The most nodes of a tree that are split, so that a jump has room in the node of a model file.
    private static let mostSplits = 250_000

    init(
        _ recipe: ForestRecipe, _ index: FeatureIndex, _ labels: [Int], _ weights: [Double], classes: Int, number: Int
    ) {
        self.index = index
        self.labels = labels
        self.classes = classes
        leafTexts = recipe.leafTexts
        tried = max(1, Int(Double(index.featureCount).squareRoot()))
        random = SplitMix64(seed: recipe.seed &* 0x9E37_79B9_7F4A_7C15 &+ UInt64(number))
        var draws = [Int32](repeating: recipe.kind == .extra ? 1 : 0, count: index.textCount)
        if recipe.kind == .random {
            for _ in 0..<index.textCount { draws[random.index(below: index.textCount)] += 1 }
        }
        self.weights = zip(weights, draws).map { $0 * Double($1) }
        order = draws.indices.filter { draws[$0] > 0 }.map { Int32($0) }
        positions = Array(repeating: -1, count: index.textCount)
        for (position, text) in order.enumerated() { positions[Int(text)] = Int32(position) }
        choice = FeatureChoice(featureCount: index.featureCount, classes: classes)
    }

    /// Grows the tree.
    mutating func grow() -> DecisionTree {
        // Nodes that are waiting: their texts, and the node that jumps to them.
        var waiting: [(texts: Range<Int>, parent: Int)] = [(0..<order.count, -1)]
        while let (texts, parent) = waiting.popLast() {
            let node = tree.features.count
            if parent >= 0 { tree.jumps[parent] = Int32(node - parent) }
            let sums = self.sums(texts)
            append(sums)
            guard let feature = split(texts, sums) else { continue }
            tree.features[node] = feature
            let middle = partition(texts, by: feature)
            waiting.append((middle..<texts.upperBound, node))
            waiting.append((texts.lowerBound..<middle, -1))
        }
        return tree
    }

    /// The weight of each class at a node.
    private func sums(_ texts: Range<Int>) -> [Double] {
        var sums = [Double](repeating: 0, count: classes)
        for text in order[texts] { sums[labels[Int(text)]] += weights[Int(text)] }
        return sums
    }

    /// Appends a leaf.
    private mutating func append(_ sums: [Double]) {
        let total = sums.reduce(0, +)
        tree.features.append(-1)
        tree.jumps.append(0)
        tree.shares += (classes == 2 ? sums[1...] : sums[...]).map { Float($0 / total) }
    }

    /// The feature that tells the classes at a node apart best, or nil if the node stays a leaf.
    private mutating func split(_ texts: Range<Int>, _ sums: [Double]) -> Int32? {
        guard tree.features.count < Self.mostSplits, texts.count >= 2 * leafTexts, sums.count(where: { $0 > 0 }) > 1
        else { return nil }
        choice.count(order[texts], index, labels, weights)
        return choice.best(of: tried, leaf: leafTexts, texts: texts.count, sums, &random)
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
