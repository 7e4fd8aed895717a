import Fixtures
import Foundation
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
        #expect(metrics.positive == "positive")
        #expect(metrics.rocAUC == 11.0 / 12)
    }

    @Test func aLabelWithoutExamplesHasNoAreaAndZeroPrecision() {
        let metrics = Metrics(labels: ["a", "b"], truth: [0], predicted: [0], scores: [[1, 0]])
        #expect(metrics.perLabel[1].auc == nil)
        #expect(metrics.perLabel[1].averagePrecision == nil)
        #expect(metrics.perLabel[1].precision == 0)
        #expect(metrics.matthews == 0)
    }

    @Test func scoresThatAreNoProbabilitiesHaveAreasButNoLossAndNoCalibration() {
        let margins = Predictions(
            labels: ["a", "b"], truth: [0, 1, 1], predicted: [0, 1, 0], scores: [[1.2, -1.2], [-3, 3], [0.5, -0.5]])
        #expect(!margins.areProbabilities)
        let metrics = Metrics(margins)
        #expect(metrics.rocAUC == 1)
        #expect(metrics.logLoss == nil && metrics.brier == nil && metrics.calibrationError == nil)
        let evaluation = Evaluation(margins, texts: ["x", "y", "z"], bootstrap: Bootstrap(resamples: 5))
        #expect(evaluation.reliability == nil && evaluation.curves[0].reliability == nil)
        #expect(evaluation.intervals?.overall[.logLoss] == nil)
    }

    @Test func aConfidentMistakeHasAFiniteLoss() {
        let metrics = Metrics(labels: ["a", "b"], truth: [0, 1], predicted: [1, 1], scores: [[0, 1], [0, 1]])
        #expect(isNear(metrics.logLoss, 18.0218, 1e-4))  // half of −ln 2^-52
        #expect(metrics.brier == 0.5)
    }

    @Test func aScoreThatIsNotANumberRanksLast() throws {
        let predictions = Predictions(
            labels: ["a", "b"], truth: [1, 0, 1], predicted: [1, 0, 0],
            scores: [[0.2, 0.8], [0.6, 0.4], [.nan, .nan]] as [[Float]])
        #expect(Metrics(predictions).perLabel[1].auc == 0.5)
        // JSON has no number for infinity, so encoding would fail.
        let evaluation = Evaluation(predictions, texts: ["x", "y", "z"], bootstrap: nil)
        #expect(try JSONEncoder().encode(evaluation).count > 100)
    }

    @Test func theOrderOfTheLabelsDoesNotChangeTheMeasures() throws {
        let predictions = Predictions.random(4, count: 90, labels: ["x", "y", "z"])
        let turned = try #require(predictions.ordered(by: ["z", "x", "y"]))
        let (metrics, other) = (Metrics(predictions), Metrics(turned))
        for metric in Metric.allCases { #expect(isNear(other[metric], metrics[metric]), "\(metric)") }
        #expect(other.perLabel[1] == metrics.perLabel[0])
        #expect(predictions.ordered(by: ["x", "y", "w"]) == nil)
    }

    @Test(arguments: 1...20)
    func theAreaIsTheShareOfPairsInTheRightOrder(seed: UInt64) throws {
        var random = Seeded(seed)
        let scores = (0..<60).map { _ in Double(Int.random(in: 0..<12, using: &random)) }  // with ties
        let isPositive = (0..<60).map { _ in Bool.random(using: &random) }
        var pairs = 0.0
        var inOrder = 0.0
        for i in 0..<60 where isPositive[i] {
            for j in 0..<60 where !isPositive[j] {
                pairs += 1
                inOrder += scores[i] > scores[j] ? 1 : scores[i] == scores[j] ? 0.5 : 0
            }
        }
        let area = try #require(ThresholdCounts(scores: scores, isPositive: isPositive).rocArea)
        #expect(abs(area - inOrder / pairs) < 1e-12)
    }
}
