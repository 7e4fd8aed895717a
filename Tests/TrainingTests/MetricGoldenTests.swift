import Testing

@testable import Training

/// Every measure is the one of scikit-learn or SciPy.
@Suite struct MetricGoldenTests {
    private let goldens: MetricGoldens

    init() throws { goldens = try MetricGoldens.read() }

    @Test func theMeasuresOfAModelAreThoseOfScikitLearn() {
        #expect(goldens.cases.count == 3)
        for golden in goldens.cases {
            let metrics = Metrics(golden.predictions)
            for metric in Metric.allCases {
                #expect(golden.overall[metric] != nil)
                #expect(isNear(metrics[metric], golden.overall[metric]), "\(metric)")
            }
        }
    }

    @Test func theMeasuresOfEachLabelAreThoseOfScikitLearn() throws {
        for golden in goldens.cases {
            let metrics = Metrics(golden.predictions)
            for (label, expected) in zip(metrics.perLabel, golden.perLabel) {
                for metric in LabelMetric.allCases {
                    let value = try #require(expected[metric.rawValue])
                    #expect(isNear(label[metric], value), "\(metric) of \(label.label)")
                }
            }
        }
    }

    @Test func theCurvesHaveThePointsOfScikitLearn() throws {
        for golden in goldens.cases {
            for label in golden.labels.indices {
                let expected = golden.curves[label]
                let roc = try #require(Curve.roc(golden.predictions, label: label))
                #expect(roc.thresholds == expected.roc.thresholds)
                #expect(areNear(roc.x, expected.roc.x) && areNear(roc.y, expected.roc.y))
                let curve = try #require(Curve.precisionRecall(golden.predictions, label: label))
                #expect(curve.thresholds == expected.precisionRecall.thresholds)
                #expect(areNear(curve.x, expected.precisionRecall.x) && areNear(curve.y, expected.precisionRecall.y))
            }
        }
    }

    @Test func theReliabilityCurveIsThatOfScikitLearn() {
        for golden in goldens.cases {
            for label in golden.labels.indices {
                let curve = ReliabilityCurve(
                    scores: golden.predictions.scores[label], isPositive: golden.truth.map { $0 == label }, bins: 10)
                let expected = golden.curves[label].reliability
                #expect(areNear(curve.bins.map(\.positiveShare), expected["positiveShare"] ?? []))
                #expect(areNear(curve.bins.map(\.meanScore), expected["meanScore"] ?? []))
            }
        }
    }

    @Test func theBootstrapIntervalsAreThePercentilesOfTheSameResamples() {
        for golden in goldens.cases {
            let bootstrap = Bootstrap(resamples: goldens.resamples, seed: goldens.seed, level: goldens.level)
            let intervals = MetricIntervals(golden.predictions, bootstrap)
            for (metric, expected) in golden.intervals {
                let interval = intervals.overall[metric]
                #expect(areNear([interval?.low, interval?.high].compactMap { $0 }, expected), "\(metric)")
            }
        }
    }

    @Test func mcNemarsTestIsThatOfSciPy() {
        for expected in goldens.mcNemar {
            let test = McNemar(onlyFirst: expected.onlyFirst, onlySecond: expected.onlySecond)
            #expect(test.statistic == expected.statistic)
            // Small probabilities are compared relative to their size.
            #expect(abs(test.exactP / expected.exactP - 1) < 1e-12)
            #expect(abs(test.correctedP / expected.correctedP - 1) < 1e-12)
        }
    }

    @Test func wilsonsIntervalIsThatOfSciPy() {
        for expected in goldens.wilson {
            let interval = Interval(share: expected.part, of: expected.whole)
            #expect(isNear(interval.low, expected.low) && isNear(interval.high, expected.high))
        }
    }

    @Test func aThresholdReachesTheBestValueOfItsObjective() throws {
        for golden in goldens.cases {
            guard let best = golden.thresholds else { continue }
            func choice(_ objective: ThresholdObjective) throws -> ThresholdChoice {
                try #require(golden.predictions.threshold(label: 1, for: objective))
            }
            #expect(isNear(try choice(.f1).f1, best["f1"]))
            #expect(isNear(try choice(.macroF1).macroF1, best["macroF1"]))
            #expect(isNear(try choice(.accuracy).accuracy, best["accuracy"]))
            #expect(isNear(try choice(.precision(recallFloor: 0)).precision, best["precision"]))
            #expect(isNear(try choice(.recall(precisionFloor: 0)).recall, best["recall"]))
            #expect(isNear(try choice(.precision(recallFloor: 0.8)).precision, best["precisionAtRecall0.8"]))
            #expect(isNear(try choice(.recall(precisionFloor: 0.7)).recall, best["recallAtPrecision0.7"]))
        }
    }
}
