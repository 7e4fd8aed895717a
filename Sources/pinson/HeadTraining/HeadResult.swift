import ContainerImage
import Inference
import ModelFile
import Training

/// A head that was trained and packed, and how good the model is as it will be served.
struct HeadResult {
    let model: String
    let encoder: String
    let sets: TrainingData
    let outcome: HeadTraining.Outcome

    private struct Summary: Encodable {
        var model: String
        var encoder: String
        var approach: String
        var texts: Int
        var bytes: Int
        var encodingSeconds: Double
        var trainingSeconds: Double
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
            labels: sets.labels, truth: sets.heldOut.labels, predicted: answers.map(\.label),
            scores: answers.map(\.scores))
        let bytes = try classifier.keepStatistics(of: sets.heldOut.texts, answers)
        let evaluation = Evaluation(predictions, texts: sets.heldOut.texts, bootstrap: nil)
        if recorder != nil || report != nil {
            let page = EvaluationReport(
                model: classifier.name.singleLine, data: data.singleLine, evaluation: evaluation,
                facts: [
                    .init("Encoder", encoder.singleLine), .init("Head", outcome.recipe),
                    .init("Model file", "\(decimal(bytes)) bytes"),
                    .init("Training texts", decimal(sets.training.count)),
                ])
            if let report { try writeFile(page.html, to: report) }
            recorder?.add(evaluation, page: page)
            recorder?.log(
                params: ["approach": "head", "recipe": outcome.recipe, "texts": "\(sets.training.count)"],
                metrics: ["encoding_seconds": outcome.encoding, "training_seconds": outcome.training])
            recorder?.addModel(model, try Classifier(ModelFile(path: model)))
        }
        let metrics = evaluation.metrics
        guard !json else {
            return try printJSON(
                Summary(
                    model: model, encoder: encoder, approach: "head: \(outcome.recipe)", texts: sets.training.count,
                    bytes: bytes, encodingSeconds: outcome.encoding, trainingSeconds: outcome.training,
                    metrics: metrics))
        }
        print("model     \(model.singleLine), \(decimal(bytes)) bytes")
        print("head      \(outcome.recipe)")
        print(
            "accuracy  \(fixed(metrics.accuracy, 4)) on \(decimal(sets.heldOut.count)) texts that were not learned, "
                + "macro F1 \(fixed(metrics.macroF1, 4))")
        print(
            "time      \(fixed(outcome.encoding, 1)) s for the vectors, \(fixed(outcome.training, 1)) s for the head")
    }
}
