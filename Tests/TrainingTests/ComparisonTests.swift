import Testing

@testable import Training

@Suite struct ComparisonTests {
    private let first = Predictions(
        labels: ["a", "b"], truth: [0, 0, 1, 1, 1], predicted: [0, 1, 1, 0, 1],
        scores: [[0.9, 0.1], [0.3, 0.7], [0.4, 0.6], [0.8, 0.2], [0.1, 0.9]])
    /// The same examples, answered by a model whose labels have another order.
    private let second = Predictions(
        labels: ["b", "a"], truth: [1, 1, 0, 0, 0], predicted: [1, 1, 1, 0, 0],
        scores: [[0.2, 0.8], [0.4, 0.6], [0.3, 0.7], [0.6, 0.4], [0.9, 0.1]], positive: 0)
    private let texts = ["t", "u", "v", "w", "x"]

    @Test func theExamplesAreCountedByWhoIsRight() throws {
        let comparison = try Comparison(first, second, texts: texts, bootstrap: nil)
        #expect(comparison.bothRight == 2 && comparison.bothWrong == 0)
        #expect(comparison.mcNemar == McNemar(onlyFirst: 1, onlySecond: 2))
        #expect(comparison.onlyFirstRight.map(\.text) == ["v"])
        #expect(comparison.onlySecondRight.map(\.text) == ["w", "u"])  // the surer mistake of the first model leads
        #expect(comparison.onlySecondRight[0].first == "a" && comparison.onlySecondRight[0].second == "b")
        #expect(isNear(comparison.differences[.accuracy]?.value, 0.2))
        #expect(comparison.differences[.accuracy]?.interval == nil)
    }

    @Test func theIntervalOfADifferenceComesFromSharedResamples() throws {
        let model = Predictions.random(3, count: 120, labels: ["a", "b"])
        let same = try Comparison(model, model, texts: model.truth.map { "\($0)" }, bootstrap: Bootstrap(resamples: 20))
        #expect(same.differences[.accuracy] == .init(value: 0, interval: Interval(low: 0, high: 0)))
        #expect(same.mcNemar.exactP == 1 && same.mcNemar.correctedP == 1)
    }

    @Test func modelsWithOtherLabelsOrOtherExamplesCannotBeCompared() {
        let other = Predictions(labels: ["a", "c"], truth: [0], predicted: [0], scores: [[1, 0]])
        #expect(throws: ComparisonError.differentLabels(first: ["a", "b"], second: ["a", "c"])) {
            try Comparison(first, other, texts: texts)
        }
        #expect(throws: ComparisonError.differentExamples(first: 5, second: 4)) {
            try Comparison(first, second.selecting([0, 1, 2, 3]), texts: texts)
        }
    }
}
