import Fixtures
import Testing

@testable import Training

@Suite struct CurveTests {
    @Test(arguments: 1...5)
    func aSimplifiedCurveStaysWithinTheTolerance(seed: UInt64) throws {
        let predictions = Predictions.random(seed, count: 4000, labels: ["a", "b"])
        for curve in [
            try #require(Curve.roc(predictions, label: 1)), try #require(Curve.precisionRecall(predictions, label: 1)),
        ] {
            let simple = curve.simplified(tolerance: 0.002)
            #expect(simple.x.count < curve.x.count / 5)
            #expect(simple.x.first == curve.x.first && simple.y.last == curve.y.last)
            for index in curve.x.indices {
                let distance = simple.x.indices.dropLast().map { part in
                    segmentDistance(
                        (curve.x[index], curve.y[index]), (simple.x[part], simple.y[part]),
                        (simple.x[part + 1], simple.y[part + 1]))
                }.min()
                #expect(try #require(distance) <= 0.002)
            }
        }
    }

    @Test func aCurveThatGoesStraightKeepsItsEndsOnly() {
        let steps = (0...100).map { Double($0) / 100 }
        let curve = Curve(x: steps, y: steps, thresholds: steps)
        #expect(curve.simplified().x == [0, 1])
    }

    @Test func aLabelWithoutExamplesHasNoCurve() {
        let predictions = Predictions(labels: ["a", "b"], truth: [0], predicted: [0], scores: [[0.9, 0.1]])
        #expect(Curve.roc(predictions, label: 0) == nil)
        #expect(Curve.precisionRecall(predictions, label: 1) == nil)
    }

    private typealias Point = (x: Double, y: Double)

    private func segmentDistance(_ point: Point, _ start: Point, _ end: Point) -> Double {
        let (dx, dy) = (end.x - start.x, end.y - start.y)
        let length = dx * dx + dy * dy
        let along = length == 0 ? 0 : ((point.x - start.x) * dx + (point.y - start.y) * dy) / length
        let clamped = min(max(along, 0), 1)
        let (ex, ey) = (start.x + clamped * dx - point.x, start.y + clamped * dy - point.y)
        return (ex * ex + ey * ey).squareRoot()
    }
}
