import Inference
import JSON
import ModelFile
import NIOHTTP1

extension PredictRequest {
    /// The answer in the dialect of the request.
    ///
    /// - Throws: `Problem` with status 422 if a text is longer than the request allows, and with status 500 if a score
    ///   is not a finite number.
    func response(_ predictions: [Prediction], _ classifier: Classifier) throws(Problem) -> Response {
        let labels = classifier.labels
        let scores = predictions.map { options.scores($0, classifier.card.decision) }
        try check(predictions, scores, classifier)
        return .json { writer in
            switch dialect {
            case .text:
                writer.append(predictions[0], labels, model: classifier.name)
            case .tweet:
                let positive = labels.firstIndex { $0.lowercased() == "positive" } ?? labels.count - 1
                writer.beginObject()
                writer.member("sentiment", labels[predictions[0].label])
                writer.member("probability", predictions[0].scores[positive])
                writer.endObject()
            case .input:
                writer.append(sorted: scores[0], labels, atMost: options.topK)
            case .inputs:
                writer.beginArray()
                for scores in scores { writer.append(sorted: scores, labels, atMost: options.topK) }
                writer.endArray()
            case .texts:
                writer.beginObject()
                writer.key("predictions")
                writer.beginArray()
                for prediction in predictions { writer.append(prediction, labels, model: nil) }
                writer.endArray()
                writer.member("model", classifier.name)
                writer.endObject()
            }
        }
    }

    private func check(_ predictions: [Prediction], _ scores: [[Float]], _ classifier: Classifier) throws(Problem) {
        for (index, prediction) in predictions.enumerated() {
            guard scores[index].allSatisfy(\.isFinite) else {
                throw Problem(
                    status: .internalServerError,
                    detail: "The model '\(classifier.name)' computes scores that are not finite numbers. Its file is "
                        + "damaged, or its checkpoint has such weights. Check it with `pinson inspect --verify`.")
            }
            if prediction.isTruncated, options.refusesLongTexts {
                throw Problem(
                    unprocessable: "'inputs\(texts.count > 1 ? "[\(index)]" : "")' has more tokens than the "
                        + "\(classifier.maxTokens) that the model reads, and the request does not allow to truncate it."
                )
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
        if let explanation = prediction.explanation { append(explanation) }
        if let model { member("model", model) }
        endObject()
    }

    /// The terms of the logit of the label, those that decided first.
    private mutating func append(_ explanation: Explanation) {
        key("explanation")
        beginObject()
        member("method", explanation.method.rawValue)
        member("logit", explanation.logit)
        member("bias", explanation.bias)
        key("parts")
        beginArray()
        for part in explanation.parts {
            beginObject()
            member("text", part.text)
            member("contribution", part.contribution)
            endObject()
        }
        endArray()
        endObject()
    }

    /// The labels with their scores, best first.
    fileprivate mutating func append(sorted scores: [Float], _ labels: [String], atMost count: Int?) {
        beginArray()
        for index in scores.indices.sorted(by: { scores[$0] > scores[$1] }).prefix(count ?? .max) {
            beginObject()
            member("label", labels[index])
            member("score", scores[index])
            endObject()
        }
        endArray()
    }
}
