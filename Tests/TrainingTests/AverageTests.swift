import Fixtures
import Foundation
import Testing
import Text

@testable import Training

/// Bags of vectors, against their definition.
@Suite struct AverageTests {
    private func recipe(_ width: Int = 6) throws -> AverageRecipe {
        var recipe = AverageRecipe(try TextPipeline(preset: "plain"), [NgramBlock(.token, 1...2)])
        recipe.features.minimumTexts = [1]
        (recipe.width, recipe.epochs, recipe.learningRate) = (width, 3, 0.2)
        return recipe
    }

    /// Texts of random words, some of which tell the class.
    private func data(_ count: Int, classes: Int) -> (texts: [String], labels: [Int]) {
        var random = Seeded(5)
        let labels = (0..<count).map { $0 % classes }
        let texts = labels.map { label in
            (0..<6).map { _ in
                Bool.random(using: &random)
                    ? "t\(label)\(Int.random(in: 0..<3, using: &random))" : "w\(Int.random(in: 0..<20, using: &random))"
            }.joined(separator: " ")
        }
        return (texts, labels)
    }

    /// The same training in double precision, one number after the other.
    private func trained(
        _ recipe: AverageRecipe, _ counts: SparseMatrix, _ labels: [Int], classes: Int, rows: [Float]
    ) -> (rows: [Double], weights: [[Double]]) {
        let width = recipe.width
        var rows = rows.map(Double.init)
        // The last number of a row is the bias.
        var layer = [[Double]](repeating: Array(repeating: 0, count: width + 1), count: classes)
        var order = Array(labels.indices)
        var random = SplitMix64(seed: recipe.seed + 1)
        let epochs = recipe.epochs(for: order.count)
        for epoch in 0..<epochs {
            order.shuffle(using: &random)
            for (place, text) in order.enumerated() {
                let done = Double(epoch * order.count + place) / Double(epochs * order.count)
                let rate = recipe.learningRate * (1 - done)
                let features = counts.range(of: text).flatMap {
                    Array(repeating: Int(counts.columns[$0]), count: Int(counts.values[$0]))
                }
                let mean = (0..<width).map { column in
                    features.reduce(0) { $0 + rows[$1 * width + column] } / Double(features.count)
                }
                let scores = layer.map { exp(zip($0, mean + [1]).reduce(0) { $0 + $1.0 * $1.1 }) }
                let steps = layer.indices.map {
                    rate * ((labels[text] == $0 ? 1 : 0) - scores[$0] / scores.reduce(0, +))
                }
                for feature in features {
                    for column in 0..<width {
                        let slope = layer.indices.reduce(0) { $0 + steps[$1] * layer[$1][column] }
                        rows[feature * width + column] += slope / Double(features.count)
                    }
                }
                for label in layer.indices {
                    for column in 0...width {
                        layer[label][column] += steps[label] * (column < width ? mean[column] : 1)
                    }
                }
            }
        }
        return (rows, layer)
    }

    @Test("The training follows its definition", arguments: [2, 3], [6, 8, 17])
    func definition(classes: Int, width: Int) throws {
        let recipe = try recipe(width)
        let (texts, labels) = data(60, classes: classes)
        let vectorizer = Vectorizer(fitting: texts, recipe.features)
        let counts = vectorizer.counts(of: texts)
        var start = recipe
        start.epochs = 0
        let first = start.train(vectorizer, counts, labels, classes: classes)
        #expect(first.rows.allSatisfy { abs($0) <= 1 / Float(width) } && Set(first.rows).count > first.rows.count / 2)
        let found = recipe.train(vectorizer, counts, labels, classes: classes)
        let expected = trained(recipe, counts, labels, classes: classes, rows: first.rows)
        #expect(zip(found.rows, expected.rows).allSatisfy { abs(Double($0) - $1) < 1e-4 })
        let layer =
            classes == 2 ? [zip(expected.weights[1], expected.weights[0]).map { $0 - $1 }] : expected.weights
        for output in layer.indices {
            #expect(abs(Double(found.bias[output]) - layer[output][width]) < 1e-4)
            for column in 0..<width {
                #expect(abs(Double(found.weights[output * width + column]) - layer[output][column]) < 1e-4)
            }
        }
    }

    @Test("It learns which words tell the class, and answers the same on all ways", arguments: [2, 3])
    func learning(classes: Int) throws {
        var recipe = try recipe()
        recipe.epochs = 20
        let (texts, labels) = data(400, classes: classes)
        let model = Recipe.average(recipe).train(texts, labels, classes: classes)
        let outputs = model.outputs(of: texts)
        let names = (0..<classes).map { "\($0)" }
        #expect(Metrics(Predictions(outputs: outputs, labels: names, truth: labels)).accuracy > 0.95)
        let width = model.outputCount
        let chosen = Array(outputs[7 * width..<8 * width]) + Array(outputs[3 * width..<4 * width])
        #expect(model.outputs(of: TextSet(texts), at: [7, 3]) == chosen)
        #expect(Recipe.average(recipe).train(texts, labels, classes: classes).outputs(of: texts) == outputs)
        #expect(outputs.count == texts.count * (classes == 2 ? 1 : classes))
    }

    @Test("Few texts are learned more often")
    func epochs() throws {
        var recipe = AverageRecipe(try TextPipeline(["lowercase"]))
        #expect([0, 400, 10_000, 20_000, 79_330].map { recipe.epochs(for: $0) } == [100, 100, 10, 5, 5])
        recipe.epochs = 3
        #expect(recipe.epochs(for: 400) == 3)
    }

    @Test("It learns the scores of a teacher instead of labels")
    func soft() throws {
        let (texts, labels) = data(300, classes: 2)
        // The teacher is sure of the opposite.
        let soft = labels.flatMap { $0 == 0 ? [0.1, 0.9] : [0.9, 0.1] }
        var recipe = try recipe()
        recipe.epochs = 20
        let outputs = Recipe.average(recipe).train(texts, labels, classes: 2, soft: soft).outputs(of: texts)
        #expect(zip(outputs, labels).count { ($0 > 0) == ($1 == 0) } > 285)
    }

    @Test("With a limit, the n-grams that matter most are learned again, and no others")
    func limit() throws {
        var recipe = try recipe()
        recipe.epochs = 20
        let (texts, labels) = data(300, classes: 2)
        let vectorizer = Vectorizer(fitting: texts, recipe.features)
        let counts = vectorizer.counts(of: texts)
        let whole = recipe.train(vectorizer, counts, labels, classes: 2)
        recipe.limit = 12
        let small = recipe.train(vectorizer, counts, labels, classes: 2)
        #expect(small.vectorizer.columnCount == 12 && small.rows.count == 12 * recipe.width)
        let importance = whole.importance
        let best = importance.indices.sorted { importance[$0] > importance[$1] }.prefix(12).sorted()
        let hashes = whole.vectorizer.vocabularies[0].hashes
        #expect(small.vectorizer.vocabularies[0].hashes == best.map { hashes[$0] })
        #expect(small.outputs(of: counts) == small.outputs(of: small.vectorizer.counts(of: texts)))
    }

    @Test("Fixed vectors stay as they are, and words without one are left out")
    func frozen() throws {
        var recipe = try recipe()
        let (texts, labels) = data(300, classes: 3)
        let words = WordCounts(of: texts, recipe.features.pipeline)
        let known = words.words.filter { !$0.text.hasSuffix("1") }
        var random = Seeded(8)
        let vectors = PretrainedVectors(known.map(\.hash), width: 9, random.floats(9 * known.count))
        recipe.vectors = vectors
        recipe.isFrozen = true
        let vectorizer = Vectorizer(fitting: texts, recipe.features)
        let model = recipe.train(vectorizer, vectorizer.counts(of: texts), labels, classes: 3)
        #expect(model.vectorizer.vocabularies[0].hashes == vectors.hashes && model.width == 9)
        let factor = model.rows[0] / vectors.values[0]
        #expect(zip(model.rows, vectors.values).allSatisfy { abs($0 - $1 * factor) < 1e-5 })
        let squares = model.rows.reduce(0) { $0 + $1 * $1 }
        #expect(abs(squares / Float(known.count) - 1) < 1e-3)
        recipe.isFrozen = false
        let tuned = recipe.train(vectorizer, vectorizer.counts(of: texts), labels, classes: 3)
        #expect(tuned.width == 9 && tuned.vectorizer.columnCount == vectorizer.columnCount)
        #expect(tuned.rows != model.rows)
    }
}
