import Fixtures
import Testing

@testable import Training

@Suite struct BootstrapTests {
    @Test func theSameSeedGivesTheSameIntervalsAndAnotherSeedDoesNot() {
        let predictions = Predictions.random(1, count: 200, labels: ["a", "b"])
        let first = MetricIntervals(predictions, Bootstrap(resamples: 50, seed: 3))
        #expect(first == MetricIntervals(predictions, Bootstrap(resamples: 50, seed: 3)))
        #expect(first.overall != MetricIntervals(predictions, Bootstrap(resamples: 50, seed: 4)).overall)
    }

    @Test func aResampleHasAsManyExamplesAsTheData() {
        let sums = Bootstrap(resamples: 30).map(count: 17) { $0.reduce(0, +) }
        #expect(sums == [Int](repeating: 17, count: 30))
    }

    @Test func aResampledMeasureIsThatOfTheRepeatedExamples() {
        let predictions = Predictions.random(2, count: 40, labels: ["a", "b", "c"])
        let prepared = PreparedPredictions(predictions)
        let pairs = Bootstrap(resamples: 10).map(count: 40) { weights -> (Metrics, Metrics) in
            let repeated = weights.indices.flatMap { [Int](repeating: $0, count: weights[$0]) }
            return (prepared.metrics(weights: weights), Metrics(predictions.selecting(repeated)))
        }
        for (weighted, repeated) in pairs {
            #expect(weighted.confusion == repeated.confusion)
            for metric in Metric.allCases { #expect(isNear(weighted[metric], repeated[metric]), "\(metric)") }
        }
    }

    @Test func mostIntervalsHoldTheTrueAccuracy() {
        // 100 sets of 100 answers of a model that is right with a probability of 0.7.
        var random = Seeded(5)
        var inside = 0
        for seed in 0..<100 as Range<UInt64> {
            let predicted = (0..<100).map { _ in Double.random(in: 0..<1, using: &random) < 0.7 ? 0 : 1 }
            let predictions = Predictions(
                labels: ["a", "b"], truth: predicted.map { _ in 0 }, predicted: predicted,
                scores: predicted.map { [Double(1 - $0), Double($0)] })
            let interval = MetricIntervals(predictions, Bootstrap(resamples: 100, seed: seed)).overall[.accuracy]
            if let interval, interval.low <= 0.7, 0.7 <= interval.high { inside += 1 }
        }
        #expect((86...99).contains(inside), "of 100 intervals at a level of 95 %: \(inside)")
    }

    @Test func aMeasureThatNoResampleHasHasNoInterval() {
        let predictions = Predictions(
            labels: ["a", "b"], truth: [0, 0], predicted: [0, 1], scores: [[0.9, 0.1], [0.4, 0.6]])
        let intervals = MetricIntervals(predictions, Bootstrap(resamples: 10))
        #expect(intervals.overall[.rocAUC] == nil)
        #expect(intervals.overall[.accuracy] != nil)
    }
}
