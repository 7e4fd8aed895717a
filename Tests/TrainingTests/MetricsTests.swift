import Fixtures
import Testing

@testable import Training

@Suite struct MetricsTests {
    @Test func theMeasuresOfASmallExampleAreCorrect() {
        let metrics = Metrics(
            labels: ["negative", "positive"], truth: [0, 0, 0, 1, 1, 1, 1], predicted: [0, 0, 1, 1, 1, 0, 1],
            scores: [[0.9, 0.1], [0.8, 0.2], [0.4, 0.6], [0.1, 0.9], [0.3, 0.7], [0.7, 0.3], [0.2, 0.8]])
        #expect(metrics.confusion == [[2, 1], [1, 3]])
        #expect(metrics.accuracy == 5.0 / 7)
        #expect(metrics.perLabel[1].precision == 0.75)
        #expect(metrics.perLabel[1].recall == 0.75)
        #expect(metrics.perLabel[0].f1 == 2.0 / 3)
        #expect(metrics.perLabel[1].auc == 11.0 / 12)
        #expect(metrics.perLabel.map(\.support) == [3, 4])
    }

    @Test func aLabelWithoutExamplesHasNoAreaAndZeroPrecision() {
        let metrics = Metrics(labels: ["a", "b"], truth: [0], predicted: [0], scores: [[1, 0]])
        #expect(metrics.perLabel[1].auc == nil)
        #expect(metrics.perLabel[1].precision == 0)
    }

    @Test(arguments: 1...20)
    func theAreaIsTheShareOfPairsInTheRightOrder(seed: UInt64) throws {
        var random = Seeded(seed)
        let scores = (0..<60).map { _ in Float(Int.random(in: 0..<12, using: &random)) }  // with ties
        let isPositive = (0..<60).map { _ in Bool.random(using: &random) }
        var pairs = 0.0
        var inOrder = 0.0
        for i in 0..<60 where isPositive[i] {
            for j in 0..<60 where !isPositive[j] {
                pairs += 1
                inOrder += scores[i] > scores[j] ? 1 : scores[i] == scores[j] ? 0.5 : 0
            }
        }
        let area = try #require(areaUnderCurve(scores: scores, isPositive: isPositive))
        #expect(abs(area - inOrder / pairs) < 1e-12)
    }
}
