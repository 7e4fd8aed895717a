import ContainerImage
import Foundation
import Inference
import ModelFile
import Training

/// A model that was fine-tuned and packed, and how good it is as it will be served.
struct FineTuningResult {
    let model: String
    let checkpoint: String
    let base: String
    let sets: TrainingData
    /// The labels of the model, in the order of their ids.
    let labels: [String]
    /// The classes of the texts to measure on, in the order of `labels`.
    let truth: [Int]
    let progress: TrainingProgress
    let seconds: Double

    private struct Summary: Encodable {
        var model: String
        var checkpoint: String
        var base: String
        var texts: Int
        var bytes: Int
        var steps: Int
        var epochs: [TrainingProgress.Epoch]
        var bestEpoch: Int
        var seconds: Double
        var metrics: Metrics
    }

    /// Measures the model file, and prints and records the result.
    ///
    /// - Parameters:
    ///   - json: Whether to print JSON.
    ///   - report: The page to write, or nil.
    ///   - data: The file with the texts to measure on.
    ///   - recorder: Records the run, or nil.
    /// - Throws: `ModelFileError` if the model file cannot be opened, and `FileError` if a file cannot be written.
    func show(json: Bool, report: String?, data: String, _ recorder: RunRecorder?) throws {
        let classifier = try Classifier(ModelFile(path: model), instructionSet: .chosenByUser())
        let answers = classifier.classifyOnAllCores(sets.heldOut.texts)
        let predictions = Predictions(
            labels: labels, truth: truth, predicted: answers.map(\.label), scores: answers.map(\.scores))
        let bytes = try classifier.keepStatistics(of: sets.heldOut.texts, answers)
        let evaluation = Evaluation(predictions, texts: sets.heldOut.texts, bootstrap: nil)
        let best = progress.best.map { $0 + 1 } ?? progress.epochs.count
        if recorder != nil || report != nil {
            var page = EvaluationReport(
                model: classifier.name.singleLine, data: data.singleLine, evaluation: evaluation,
                facts: [
                    .init("Base", base.singleLine), .init("Model file", "\(decimal(bytes)) bytes"),
                    .init("Training texts", decimal(sets.training.count)),
                    .init("Best epoch", "\(best) of \(progress.epochs.count)"),
                ])
            page.trainingCurve = TrainingCurve(
                losses: progress.losses.map(Double.init),
                validation: progress.epochs.map { .init(step: $0.step, loss: $0.logLoss) })
            if let report { try writeFile(page.html, to: report) }
            recorder?.add(evaluation, page: page)
            recorder?.log(metrics: ["steps": Double(progress.losses.count), "training_seconds": seconds])
            recorder?.addModel(model, try Classifier(ModelFile(path: model)))
        }
        let metrics = evaluation.metrics
        guard !json else {
            return try printJSON(
                Summary(
                    model: model, checkpoint: checkpoint, base: base, texts: sets.training.count, bytes: bytes,
                    steps: progress.losses.count, epochs: progress.epochs, bestEpoch: best, seconds: seconds,
                    metrics: metrics))
        }
        print("model       \(model.singleLine), \(decimal(bytes)) bytes")
        print("checkpoint  \(checkpoint.singleLine)")
        print(
            "accuracy    \(fixed(metrics.accuracy, 4)) on \(decimal(sets.heldOut.count)) texts that were not learned, "
                + "macro F1 \(fixed(metrics.macroF1, 4))")
        print("best epoch  \(best) of \(progress.epochs.count)")
        print("time        \(StepLine.duration(seconds))")
    }
}
