import Testing

@testable import Training

/// The paired tests of a promotion, and the measures that they test.
@Suite struct PairedTestTests {
    private let bootstrap = Bootstrap(resamples: 400, seed: 3)

    /// The predictions of `model`, of which the first `count` wrong ones are mended.
    private func mended(_ model: Predictions, _ count: Int) -> Predictions {
        var left = count
        let predicted = (0..<model.count).map { example in
            guard !model.isRight(example), left > 0 else { return model.predicted[example] }
            left -= 1
            return model.truth[example]
        }
        let scores = predicted.map { label in model.labels.indices.map { $0 == label ? 0.9 : 0.1 } }
        return Predictions(labels: model.labels, truth: model.truth, predicted: predicted, scores: scores)
    }

    private let model = Predictions.random(5, count: 200, labels: ["no", "yes"])

    @Test func theAccuracyIsTestedWithTheExactTestOfMcNemar() throws {
        let better = mended(model, 6)
        let test = try PairedTest(.overall(.accuracy), model, better, bootstrap)
        #expect(test.method == .mcNemar && test.p == McNemar(onlyFirst: 0, onlySecond: 6).exactP)
        #expect(isNear(test.improvement, 0.03) && test.p == 0.03125)
        #expect(test.showsImprovement(alpha: 0.05) && !test.showsImprovement(alpha: 0.03))
    }

    @Test(arguments: ["accuracy", "macro-f1", "f1", "matthews", "recall"])
    func aModelIsNotBetterThanItself(name: String) throws {
        let measure = try #require(QualityMeasure(name))
        let test = try PairedTest(measure, model, model, bootstrap)
        #expect(test.improvement == 0 && test.p == 1 && test.interval == Interval(low: 0, high: 0))
        #expect(!test.showsImprovement(alpha: 0.99))
    }

    @Test(arguments: ["macro-f1", "f1", "precision", "auc"])
    func resamplesShowAClearImprovementAndItsReverse(name: String) throws {
        let measure = try #require(QualityMeasure(name))
        let better = mended(model, 40)
        let test = try PairedTest(measure, model, better, bootstrap)
        // No resample is without an improvement, so the probability is the smallest that 400 of them can give.
        #expect(test.method == .bootstrap && test.p == 2.0 / 401 && test.showsImprovement(alpha: 0.05))
        let reverse = try PairedTest(measure, better, model, bootstrap)
        #expect(isNear(reverse.improvement, -test.improvement) && reverse.p == test.p)
        #expect(!reverse.showsImprovement(alpha: 0.05))
    }

    @Test func aSmallImprovementIsNotShown() throws {
        let test = try PairedTest(.overall(.macroF1), model, mended(model, 1), bootstrap)
        #expect(test.improvement > 0 && test.p > 0.3)
    }

    @Test func aLowerLossIsAnImprovement() throws {
        let sure = Predictions(
            labels: model.labels, truth: model.truth, predicted: model.truth,
            scores: model.truth.map { $0 == 0 ? [0.9, 0.1] : [0.1, 0.9] })
        let test = try PairedTest(.overall(.logLoss), model, sure, bootstrap)
        #expect(test.second < test.first && test.improvement > 0 && test.showsImprovement(alpha: 0.05))
    }

    @Test func theOrderOfTheLabelsDoesNotMatter() throws {
        let better = mended(model, 20)
        let turned = try #require(better.ordered(by: ["yes", "no"]))
        for name in ["accuracy", "f1", "auc"] {
            let measure = try #require(QualityMeasure(name))
            #expect(
                try PairedTest(measure, model, better, bootstrap) == PairedTest(measure, model, turned, bootstrap),
                "\(name)")
        }
    }

    @Test func aMeasureThatDoesNotExistIsAnError() throws {
        let three = Predictions.random(2, count: 30, labels: ["a", "b", "c"])
        #expect(throws: ComparisonError.missingMeasure("F1")) {
            try PairedTest(.positive(.f1), three, three, bootstrap)
        }
        #expect(throws: ComparisonError.self) { try PairedTest(.overall(.accuracy), model, three, bootstrap) }
    }

    @Test func eachMeasureHasOneName() {
        #expect(QualityMeasure("nonsense") == nil && QualityMeasure("macroF1") == nil)
        #expect(Set(QualityMeasure.allNames).count == QualityMeasure.allNames.count)
        for name in QualityMeasure.allNames { #expect(QualityMeasure(name)?.name == name) }
        for metric in Metric.allCases { #expect(QualityMeasure.allNames.contains(QualityMeasure.overall(metric).name)) }
    }

    @Test func aSliceIsComparedOnItsExamplesOnly() throws {
        let first = Predictions(
            labels: ["a", "b"], truth: [0, 0, 1, 1], predicted: [0, 1, 1, 0],
            scores: [[Double]](repeating: [0.4, 0.6], count: 4))
        let second = Predictions(
            labels: ["a", "b"], truth: [0, 0, 1, 1], predicted: [1, 0, 1, 1],
            scores: [[Double]](repeating: [0.4, 0.6], count: 4))
        let groups = ExampleGroup.categories(["x", "y", nil, "y"])
        #expect(groups.map(\.examples) == [[0], [1, 3]])
        let slices = groups.compactMap { SliceComparison($0, .overall(.accuracy), first, second) }
        #expect(slices.map(\.name) == ["x", "y"] && slices.map(\.improvement) == [-1, 1])
        #expect(slices.map(\.count) == [1, 2] && slices.map(\.first) == [1, 0])
        // One label alone has no area under a curve.
        #expect(SliceComparison(groups[0], .overall(.rocAUC), first, second) == nil)
    }
}
