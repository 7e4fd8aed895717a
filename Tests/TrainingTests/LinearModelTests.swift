import Foundation
import Testing
import Text

@testable import Training

/// Features and linear models against those of scikit-learn on the same texts.
@Suite struct LinearModelTests {
    private struct Golden: Decodable {
        struct Model: Decodable {
            var weights: [[Double]]?
            var bias: [Double]?
            var scores: [[Double]]?
        }
        var classes: Int
        var unit: String
        var lengths: [Int]
        var sublinear: Bool
        var texts: [String]
        var labels: [Int]
        var columns: [String]
        var matrix: [[Double]]
        var models: [String: Model]

        var block: NgramBlock { NgramBlock(unit == "word" ? .word : .character, lengths[0]...lengths[1]) }

        func vectorizer() throws -> Vectorizer {
            var options = Vectorizer.Options(try TextPipeline(preset: "plain"), blocks: [block])
            options.minimumTexts = [2]
            return Vectorizer(fitting: texts, options)
        }

        func rows(_ vectorizer: Vectorizer) -> SparseMatrix {
            Weighting(counting: sublinear ? .sublinear : .count, usesFrequency: true, normalizes: true)
                .applied(to: vectorizer.counts(of: texts), of: vectorizer)
        }

        /// For each column of scikit-learn, the column of the vectorizer.
        func order(_ vectorizer: Vectorizer) -> [Int] {
            let scanner = NgramScanner([block])
            var (text, buffer) = (NgramScanner.Text(), TextBuffer())
            return columns.map { column in
                buffer.load(column)
                scanner.scan(buffer, into: &text)
                let hash = text.occurrences[0].first { occurrence in
                    let bytes = text.bytes[Int(occurrence.start)..<Int(occurrence.end)]
                    return String(decoding: bytes, as: UTF8.self) == column
                }?.hash
                return hash.flatMap { hash in vectorizer.vocabularies[0].hashes.firstIndex(of: hash) } ?? -1
            }
        }
    }

    private static let goldens: [Golden] = {
        let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent(
            "Goldens/linear.json")
        return (try? JSONDecoder().decode([Golden].self, from: Data(contentsOf: file))) ?? []
    }()

    @Test(arguments: goldens.indices)
    func theNumbersOfAllFeaturesAreThoseOfScikitLearn(index: Int) throws {
        let golden = Self.goldens[index]
        let vectorizer = try golden.vectorizer()
        let order = golden.order(vectorizer)
        #expect(!order.contains(-1) && Set(order).count == vectorizer.columnCount)
        let rows = golden.rows(vectorizer)
        for (row, expected) in golden.matrix.enumerated() {
            var found = [Double](repeating: 0, count: vectorizer.columnCount)
            for position in rows.range(of: row) { found[Int(rows.columns[position])] = Double(rows.values[position]) }
            for (column, value) in expected.enumerated() { #expect(abs(found[order[column]] - value) < 1e-6) }
        }
    }

    private static let trainers: [String: LinearTrainer] = [
        "logistic": LinearTrainer(.logistic, c: 2), "logistic-balanced": balanced(.logistic, c: 0.5),
        "svm": LinearTrainer(.svm(.squaredHinge), c: 0.3), "svm-balanced": balanced(.svm(.squaredHinge), c: 0.3),
        "svm-hinge": LinearTrainer(.svm(.hinge), c: 0.3), "logistic-l1": sparse(4, l1Ratio: 1),
        "logistic-elastic-net": sparse(2, l1Ratio: 0.3), "logistic-l1-balanced": sparse(4, l1Ratio: 1, .balanced),
        "logistic/newton": newton(LinearTrainer(.logistic, c: 2)),
        "logistic-balanced/newton": newton(balanced(.logistic, c: 0.5)),
    ]

    private static func newton(_ trainer: LinearTrainer) -> LinearTrainer {
        var trainer = trainer
        trainer.solver = .newton
        return trainer
    }

    private static func sparse(
        _ c: Double, l1Ratio: Double, _ weight: LinearTrainer.ClassWeight = .none
    ) -> LinearTrainer {
        var trainer = LinearTrainer(.logistic, c: c)
        (trainer.l1Ratio, trainer.classWeight) = (l1Ratio, weight)
        return trainer
    }

    private static func balanced(_ loss: LinearTrainer.Loss, c: Double) -> LinearTrainer {
        var trainer = LinearTrainer(loss, c: c)
        trainer.classWeight = .balanced
        return trainer
    }

    @Test(arguments: goldens.indices, trainers.keys.sorted())
    func theWeightsAreThoseOfScikitLearn(index: Int, name: String) throws {
        let golden = Self.goldens[index]
        let expected = try #require(golden.models[String(name.prefix { $0 != "/" })])
        let vectorizer = try golden.vectorizer()
        let order = golden.order(vectorizer)
        var trainer = try #require(Self.trainers[name])
        trainer.settings.tolerance = 1e-11
        trainer.settings.maximumSteps = 10_000
        trainer.descent.tolerance = 1e-10
        trainer.descent.maximumPasses = 1_000_000
        let rows = golden.rows(vectorizer)
        let (model, _) = trainer.train(rows, golden.labels, classes: golden.classes)
        let weights = try #require(expected.weights)
        let largest = weights.joined().reduce(0) { max($0, abs($1)) }
        for (output, row) in weights.enumerated() {
            for (column, weight) in row.enumerated() {
                let found = model.weights[order[column] * model.outputs + output]
                #expect(abs(found - weight) < 1e-6 * largest)
                #expect((found == 0) == (weight == 0) || name.hasPrefix("svm"))
            }
            #expect(abs(model.bias[output] - (expected.bias?[output] ?? .nan)) < 1e-6 * max(1, largest))
        }
    }

    @Test(arguments: goldens.indices, NaiveBayes.Kind.allCases)
    func naiveBayesScoresLikeScikitLearn(index: Int, kind: NaiveBayes.Kind) throws {
        let golden = Self.goldens[index]
        let expected = try #require(golden.models[kind.rawValue]?.scores)
        let vectorizer = try golden.vectorizer()
        let rows = Weighting.binary.applied(to: vectorizer.counts(of: golden.texts), of: vectorizer)
        let model = NaiveBayes(kind).train(rows, golden.labels, classes: golden.classes)
        let outputs = model.outputs(of: rows)
        for (row, scores) in expected.enumerated() {
            for label in 1..<golden.classes {
                let found =
                    model.outputs == 1
                    ? outputs[row] : outputs[row * model.outputs + label] - outputs[row * model.outputs]
                #expect(abs(found - (scores[label] - scores[0])) < 1e-9 * max(1, abs(found)))
            }
        }
    }

    @Test func theResultDoesNotDependOnTheNumberOfThreads() throws {
        let golden = Self.goldens[0]
        let rows = golden.rows(try golden.vectorizer())
        let trainers = [LinearTrainer.Loss.logistic, .svm(.hinge), .svm(.squaredHinge)].map { LinearTrainer($0, c: 1) }
        for trainer in trainers + [Self.newton(trainers[0])] {
            let models = (0..<4).map { _ in trainer.train(rows, golden.labels, classes: 2).model }
            for model in models { #expect(model == models[0]) }
        }
    }

    /// Probabilities that are certain teach the same as labels.
    @Test(arguments: goldens.indices)
    func certainProbabilitiesTeachTheSameAsLabels(index: Int) throws {
        let golden = Self.goldens[index]
        let rows = golden.rows(try golden.vectorizer())
        let certain = golden.labels.flatMap { label in (0..<golden.classes).map { $0 == label ? 1.0 : 0 } }
        let trainer = LinearTrainer(.logistic, c: 1)
        let (plain, _) = trainer.train(rows, golden.labels, classes: golden.classes)
        let (soft, _) = trainer.train(rows, golden.labels, classes: golden.classes, soft: certain)
        for (one, other) in zip(plain.weights + plain.bias, soft.weights + soft.bias) {
            #expect(abs(one - other) < 1e-6)
        }
        let even = certain.map { _ in 1 / Double(golden.classes) }
        let (unsure, _) = trainer.train(rows, golden.labels, classes: golden.classes, soft: even)
        #expect(unsure.weights.allSatisfy { abs($0) < 1e-3 })
    }

    @Test func aFunctionWithACurvedValleyIsMinimized() {
        let outcome = LBFGS().minimize(from: [-1.2, 1]) { position, gradient in
            let (x, y) = (position[0], position[1])
            gradient = [-400 * x * (y - x * x) - 2 * (1 - x), 200 * (y - x * x)]
            return 100 * (y - x * x) * (y - x * x) + (1 - x) * (1 - x)
        }
        #expect(outcome.isConverged)
        #expect(abs(outcome.position[0] - 1) < 1e-4 && abs(outcome.position[1] - 1) < 1e-4)
    }

    @Test func newtonLeavesTheCurvedValleyInFewSteps() {
        let outcome = TrustRegionNewton().minimize(from: [-1.2, 1]) { position, gradient in
            let (x, y) = (position[0], position[1])
            gradient = [-400 * x * (y - x * x) - 2 * (1 - x), 200 * (y - x * x)]
            return 100 * (y - x * x) * (y - x * x) + (1 - x) * (1 - x)
        } curvature: { position in
            let (x, y) = (position[0], position[1])
            return { [(1200 * x * x - 400 * y + 2) * $0[0] - 400 * x * $0[1], -400 * x * $0[0] + 200 * $0[1]] }
        }
        #expect(outcome.isConverged && outcome.steps < 100)
        #expect(abs(outcome.position[0] - 1) < 1e-4 && abs(outcome.position[1] - 1) < 1e-4)
    }
}
