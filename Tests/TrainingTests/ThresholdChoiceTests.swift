import Testing

@testable import Training

@Suite struct ThresholdChoiceTests {
    private let predictions = Predictions(
        labels: ["negative", "positive"], truth: [0, 0, 1, 0, 1, 1], predicted: [0, 0, 0, 1, 1, 1],
        scores: [0.1, 0.2, 0.3, 0.6, 0.7, 0.9].map { [1 - $0, $0] })

    @Test func theThresholdLiesBetweenTwoScores() throws {
        let choice = try #require(predictions.threshold(label: 1, for: .f1))
        #expect(abs(choice.threshold - 0.25) < 1e-7)
        #expect(choice.recall == 1 && choice.precision == 0.75 && choice.accuracy == 5.0 / 6)
    }

    @Test func precisionAtARecallFloorTakesThePreciseThresholdThatFindsEnough() throws {
        let half = try #require(predictions.threshold(label: 1, for: .precision(recallFloor: 0.5)))
        #expect(half.precision == 1 && half.recall == 2.0 / 3)
        let all = try #require(predictions.threshold(label: 1, for: .precision(recallFloor: 0.9)))
        #expect(all.precision == 0.75 && all.recall == 1)
    }

    @Test func theThresholdOfOneLabelIsOneMinusTheThresholdOfTheOther() throws {
        let choice = try #require(predictions.threshold(label: 0, for: .recall(precisionFloor: 0.7)))
        // Label 1 is predicted if its score is at least 1 − threshold.
        let predicted = predictions.scores[1].map { $0 >= 1 - choice.threshold ? 1 : 0 }
        let metrics = Metrics(
            Predictions(
                labels: predictions.labels, truth: predictions.truth, predicted: predicted,
                scores: predictions.scores[1].map { [1 - $0, $0] }))
        #expect(metrics.perLabel[0].recall == choice.recall && metrics.perLabel[0].precision == choice.precision)
    }

    @Test(arguments: 1...10)
    func aThresholdInFloat32GivesTheSameFigures(seed: UInt64) throws {
        let predictions = Predictions.random(seed, count: 300, labels: ["a", "b"])
        let choice = try #require(predictions.threshold(label: 1, for: .accuracy))
        #expect(Double(Float(choice.threshold)) == choice.threshold)
        let right = predictions.truth.indices.count {
            (predictions.scores[1][$0] >= choice.threshold) == (predictions.truth[$0] == 1)
        }
        #expect(choice.accuracy == Double(right) / 300)
    }

    @Test func aFloorThatNoThresholdReachesGivesNoChoice() {
        #expect(predictions.threshold(label: 1, for: .recall(precisionFloor: 1.1)) == nil)
    }

    @Test func aScoreThatTellsNothingIsBestAnsweredWithTheLargerClass() throws {
        let constant = Predictions(
            labels: ["a", "b"], truth: [0, 0, 0, 1], predicted: [1, 1, 1, 1],
            scores: [[Double]](repeating: [0.5, 0.5], count: 4))
        let choice = try #require(constant.threshold(label: 1, for: .accuracy))
        #expect(choice.accuracy == 0.75 && choice.threshold > 0.5)
    }
}
