import Fixtures
import Testing
import Text

@testable import Training

/// Forests of decision trees, against their definition.
@Suite struct ForestTests {
    private struct Data {
        var vectorizer: Vectorizer
        var counts: SparseMatrix
        var labels: [Int]

        /// Which features each text has.
        var has: [Set<Int32>] { (0..<counts.rowCount).map { Set(counts.columns[counts.range(of: $0)]) } }
    }

    private func recipe(_ kind: ForestRecipe.Kind = .extra) throws -> ForestRecipe {
        var recipe = ForestRecipe(try TextPipeline(preset: "plain"))
        recipe.features.blocks = [NgramBlock(.token, 1...1)]
        recipe.features.minimumTexts = [1]
        (recipe.kind, recipe.trees, recipe.leafTexts) = (kind, 5, 2)
        return recipe
    }

    /// Texts of random words, some of which tell the class.
    private func data(_ count: Int, classes: Int, _ recipe: ForestRecipe) -> Data {
        var random = Seeded(5)
        let words = (0..<30).map { "w\($0)" }
        let labels = (0..<count).map { $0 % classes }
        let texts = labels.map { label in
            (0..<6).map { _ in
                Bool.random(using: &random)
                    ? words[label * 3 + Int.random(in: 0..<6, using: &random)]
                    : words.randomElement(using: &random) ?? ""
            }.joined(separator: " ")
        }
        let vectorizer = Vectorizer(fitting: texts, recipe.features)
        return Data(vectorizer: vectorizer, counts: vectorizer.counts(of: texts), labels: labels)
    }

    /// The texts at each node of a tree.
    private func members(_ tree: DecisionTree, _ has: [Set<Int32>]) -> [[Int]] {
        var members = [[Int]](repeating: [], count: tree.features.count)
        for text in has.indices {
            var node = 0
            members[0].append(text)
            while tree.features[node] >= 0 {
                node += has[text].contains(tree.features[node]) ? Int(tree.jumps[node]) : 1
                members[node].append(text)
            }
            #expect(tree.leaf { has[text].contains($0) } == node)
        }
        return members
    }

    /// The mean Gini impurity of two sides, or nil if a side has too few texts.
    private func impurity(_ texts: [Int], _ feature: Int32, _ data: Data, _ has: [Set<Int32>], leaf: Int) -> Double? {
        let sides = [true, false].map { side in texts.filter { has[$0].contains(feature) == side } }
        guard sides.allSatisfy({ $0.count >= leaf }) else { return nil }
        return sides.reduce(0) { $0 + impurity($1, data) * Double($1.count) } / Double(texts.count)
    }

    private func impurity(_ texts: [Int], _ data: Data) -> Double {
        let counts = texts.reduce(into: [Int: Double]()) { $0[data.labels[$1], default: 0] += 1 }
        return 1 - counts.values.reduce(0) { $0 + $1 * $1 } / Double(texts.count * texts.count)
    }

    @Test(arguments: [2, 3])
    func aTreeThatTriesAllFeaturesTakesThePurestSplitEverywhere(classes: Int) throws {
        var recipe = try recipe()
        recipe.tried = .max
        let data = data(300, classes: classes, recipe)
        let has = data.has
        let forest = recipe.train(data.vectorizer, data.counts, data.labels, classes: classes)
        for tree in forest.trees {
            for (node, texts) in members(tree, has).enumerated() {
                let own = impurity(texts, data)
                let best = (0..<Int32(data.counts.columnCount))
                    .compactMap { impurity(texts, $0, data, has, leaf: recipe.leafTexts) }.min()
                if tree.features[node] >= 0 {
                    let found = try #require(impurity(texts, tree.features[node], data, has, leaf: recipe.leafTexts))
                    #expect(abs(found - (best ?? 1)) < 1e-9 && found < own)
                } else if let best {
                    #expect(best > own - 1e-5, "node \(node) is a leaf")
                }
            }
        }
    }

    @Test(arguments: [2, 3])
    func theSharesOfANodeAreThoseOfItsTexts(classes: Int) throws {
        let recipe = try recipe()
        let data = data(400, classes: classes, recipe)
        let forest = recipe.train(data.vectorizer, data.counts, data.labels, classes: classes)
        let outputs = classes == 2 ? 1 : classes
        for tree in forest.trees {
            for (node, texts) in members(tree, data.has).enumerated() {
                #expect(texts.count >= recipe.leafTexts)
                for output in 0..<outputs {
                    let share =
                        Double(texts.count { data.labels[$0] == (classes == 2 ? 1 : output) }) / Double(texts.count)
                    #expect(abs(Double(tree.shares[node * outputs + output]) - share) < 1e-5)
                }
            }
        }
    }

    @Test func treesOfARandomForestLearnFromDifferentTexts() throws {
        let recipe = try recipe(.random)
        let data = data(300, classes: 2, recipe)
        let trees = recipe.train(data.vectorizer, data.counts, data.labels, classes: 2).trees
        #expect(Set(trees.map(\.shares)).count == recipe.trees)
        // About 63 % of the texts are drawn, so the shares at the roots differ, too.
        #expect(Set(trees.map { $0.shares[0] }).count > 1)
    }

    @Test func theSameSeedGrowsTheSameForest() throws {
        var recipe = try recipe(.random)
        let data = data(300, classes: 3, recipe)
        let first = recipe.train(data.vectorizer, data.counts, data.labels, classes: 3).trees
        #expect(recipe.train(data.vectorizer, data.counts, data.labels, classes: 3).trees == first)
        recipe.seed = 2
        #expect(recipe.train(data.vectorizer, data.counts, data.labels, classes: 3).trees != first)
    }

    @Test func balancedClassesMakeARareClassAsImportantAsAFrequentOne() throws {
        var recipe = try recipe()
        recipe.classWeight = .balanced
        var data = data(300, classes: 2, recipe)
        for text in data.labels.indices where text % 20 != 1 { data.labels[text] = 0 }
        let forest = recipe.train(data.vectorizer, data.counts, data.labels, classes: 2)
        for tree in forest.trees { #expect(abs(tree.shares[0] - 0.5) < 1e-5) }
    }

    @Test func aForestLearnsWhatNoLinearModelCan() throws {
        // The class is whether exactly one of two words occurs.
        var random = Seeded(8)
        let labels = (0..<400).map { $0 % 2 }
        let texts = labels.map { label in
            let first = Bool.random(using: &random)
            let second = (label == 1) != first
            let noise = (0..<3).map { _ in "n\(Int.random(in: 0..<9, using: &random))" }
            return ((first ? ["not"] : []) + (second ? ["bad"] : []) + noise).joined(separator: " ")
        }
        var recipe = try recipe(.random)
        recipe.trees = 30
        func accuracy(_ recipe: Recipe) -> Double {
            let outputs = recipe.train(Array(texts[..<300]), Array(labels[..<300]), classes: 2).outputs(
                of: Array(texts[300...]))
            return Double(zip(outputs, labels[300...]).count { ($0 > 0) == ($1 == 1) }) / 100
        }
        #expect(accuracy(.forest(recipe)) > 0.97)
        var linear = LinearRecipe(.logistic, .word, recipe.features.pipeline)
        linear.features = recipe.features
        #expect(accuracy(.linear(linear)) < 0.75)
    }
}
