import Testing

@testable import Training

@Suite("The curve of a training") struct TrainingCurveTests {
    @Test("Parts of the training have the mean loss of their steps")
    func means() {
        let curve = TrainingCurve(losses: [4, 2, 3, 1, 0], validation: [])
        #expect(curve.means(2) == [.init(step: 2, loss: 3), .init(step: 5, loss: 4.0 / 3)])
        #expect(curve.means(9).map(\.loss) == [4, 2, 3, 1, 0])
        #expect(TrainingCurve(losses: [], validation: []).means(3).isEmpty)
    }

    @Test("The page shows the curve and the loss of each epoch, and nothing without a curve")
    func page() {
        let predictions = Predictions(
            labels: ["no", "yes"], truth: [0, 1, 1], predicted: [0, 1, 0],
            scores: [[0.9, 0.1], [0.2, 0.8], [0.6, 0.4]])
        var report = EvaluationReport(
            model: "m", data: "d", evaluation: Evaluation(predictions, texts: ["a", "b", "c"], bootstrap: nil))
        #expect(!report.html.contains("<h2>Training</h2>"))
        report.trainingCurve = TrainingCurve(
            losses: [0.75, 0.25, 0.125, 0.375], validation: [.init(step: 2, loss: 0.625), .init(step: 4, loss: 0.5625)])
        for part in ["<h2>Training</h2>", "Loss during the training", "0.500", "0.250", "0.625"] {
            #expect(report.html.contains(part), "\(part)")
        }
    }
}
