import ContainerImage
import Foundation
import Inference
import ModelFile
import Tracking
import Training

extension RunRecorder {
    /// Records data that the command has read, unless it came from standard input.
    func addData(_ path: String, texts: Int, labels: [String], context: String) {
        guard path != "-", let digest = try? waiting({ try await fileDigest(path) }) else { return }
        log(
            tags: ["pinson.data.\(context)": "sha256:\(digest)"],
            datasets: [
                DatasetInput(
                    name: URL(fileURLWithPath: path).lastPathComponent, digest: digest, source: path,
                    profile: #"{"num_texts": \#(texts), "num_labels": \#(labels.count)}"#, context: context)
            ])
    }

    /// Records a model file, with its description and an example of its input.
    func addModel(_ path: String, _ classifier: Classifier) {
        let (family, labels) = (classifier.card.family, classifier.labels)
        guard
            let package = try? waiting({
                try await ModelPackage(describing: path, family: family, labels: labels, version: pinsonVersion)
            })
        else { return }
        put(file: path, as: "model/\(ModelPackage.file)")
        let now = Date()
        put(text: package.document(created: now), as: "model/MLmodel")
        put(text: ModelPackage.example("I love this crew"), as: "model/input_example.json")
        log(
            metrics: ["model_bytes": Double(package.bytes)],
            tags: [
                "pinson.model": "sha256:\(package.digest)", "pinson.model.family": family,
                "mlflow.log-model.history": package.history(at: "model", created: now),
            ])
    }

    /// Records all measures, and the report, the confusion matrix and the worst mistakes as files.
    func add(_ evaluation: Evaluation, page: EvaluationReport) {
        log(metrics: evaluation.metrics.named)
        put(text: page.html, as: "evaluation/report.html")
        let labels = evaluation.metrics.perLabel.map(\.label)
        put(json: Confusion(labels: labels, counts: evaluation.metrics.confusion), as: "evaluation/confusion.json")
        put(json: evaluation.mistakes, as: "evaluation/mistakes.json")
    }

    /// Records a value as a file.
    func put(json value: some Encodable, as path: String) {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        guard let data = try? encoder.encode(value) else { return }
        put(text: String(decoding: data, as: UTF8.self), as: path)
    }

    private struct Confusion: Encodable {
        var labels: [String]
        /// The number of examples for each true label (row) and predicted label (column).
        var counts: [[Int]]
    }
}

extension Metrics {
    /// All measures, with names for a store of runs.
    ///
    /// No name is the start of another one, because each is a file.
    var named: [String: Double] {
        var values: [String: Double] = [:]
        for metric in Metric.allCases { values[metric.rawValue] = self[metric] }
        for label in perLabel {
            let name = label.label.replacing("/", with: "_")
            for metric in LabelMetric.allCases { values["label/\(name)/\(metric.rawValue)"] = label[metric] }
        }
        return values
    }
}
