import Inference
import JSON

extension PredictRequest {
    /// The answer in the dialect of the request.
    func response(_ predictions: [Prediction], labels: [String], model: String) -> Response {
        .json { writer in
            switch dialect {
            case .text:
                writer.append(predictions[0], labels, model: model)
            case .tweet:
                let positive = labels.firstIndex { $0.lowercased() == "positive" } ?? labels.count - 1
                writer.beginObject()
                writer.member("sentiment", labels[predictions[0].label])
                writer.member("probability", predictions[0].scores[positive])
                writer.endObject()
            case .input:
                writer.append(sorted: predictions[0], labels)
            case .inputs:
                writer.beginArray()
                for prediction in predictions { writer.append(sorted: prediction, labels) }
                writer.endArray()
            case .texts:
                writer.beginObject()
                writer.key("predictions")
                writer.beginArray()
                for prediction in predictions { writer.append(prediction, labels, model: nil) }
                writer.endArray()
                writer.member("model", model)
                writer.endObject()
            }
        }
    }
}

extension JSONWriter {
    /// The label with its score, and the score of each label.
    fileprivate mutating func append(_ prediction: Prediction, _ labels: [String], model: String?) {
        beginObject()
        member("label", labels[prediction.label])
        member("score", prediction.scores[prediction.label])
        key("scores")
        beginObject()
        for (label, score) in zip(labels, prediction.scores) { member(label, score) }
        endObject()
        member("truncated", .bool(prediction.isTruncated))
        if let model { member("model", model) }
        endObject()
    }

    /// All labels with their scores, best first.
    fileprivate mutating func append(sorted prediction: Prediction, _ labels: [String]) {
        beginArray()
        for index in prediction.scores.indices.sorted(by: { prediction.scores[$0] > prediction.scores[$1] }) {
            beginObject()
            member("label", labels[index])
            member("score", prediction.scores[index])
            endObject()
        }
        endArray()
    }
}
