import Inference
import NIOHTTP1

/// What `POST /predict` is asked, in one of the dialects of the systems it stands in for.
struct PredictRequest: Equatable {
    enum Dialect: Equatable {
        /// `{"text": s}` → one object with everything.
        case text
        /// `{"tweet": s}` → sentiment and the probability of positive.
        case tweet
        /// `{"inputs": s}` → all labels, best first.
        case input
        /// `{"inputs": [s]}` → the same for each.
        case inputs
        /// `{"texts": [s]}` → `{"predictions": […]}`.
        case texts
    }

    let dialect: Dialect
    let texts: [String]

    /// The most texts in one request: what a worker does without a pause.
    static let mostTexts = 128

    init(_ body: JSON) throws(Problem) {
        guard case .object = body else {
            throw Problem(
                status: .unprocessableEntity,
                detail: "The body is \(body.kind), expected an object such as {\"text\": \"…\"}.")
        }
        if let value = body["text"] {
            (dialect, texts) = (.text, [try Self.text(value, "text")])
        } else if let value = body["tweet"] {
            (dialect, texts) = (.tweet, [try Self.text(value, "tweet")])
        } else if let value = body["inputs"] {
            if case .array(let values) = value {
                (dialect, texts) = (.inputs, try Self.list(values, "inputs"))
            } else {
                (dialect, texts) = (.input, [try Self.text(value, "inputs", or: " or an array of strings")])
            }
        } else if let value = body["texts"] {
            guard case .array(let values) = value else {
                throw Problem(
                    status: .unprocessableEntity, detail: "'texts' is \(value.kind), expected an array of strings.")
            }
            (dialect, texts) = (.texts, try Self.list(values, "texts"))
        } else {
            throw Problem(
                status: .unprocessableEntity,
                detail: "A field is missing: expected 'text', 'tweet', 'inputs' or 'texts'.")
        }
    }

    private static func text(_ value: JSON, _ field: String, or alternative: String = "") throws(Problem) -> String {
        guard case .string(let text) = value else {
            throw Problem(
                status: .unprocessableEntity, detail: "'\(field)' is \(value.kind), expected a string\(alternative).")
        }
        guard text.contains(where: { !$0.isWhitespace }) else {
            throw Problem(status: .unprocessableEntity, detail: "'\(field)' is empty, expected a text to classify.")
        }
        return text
    }

    private static func list(_ values: [JSON], _ field: String) throws(Problem) -> [String] {
        guard (1...mostTexts).contains(values.count) else {
            throw Problem(
                status: .unprocessableEntity,
                detail: "'\(field)' has \(values.count) texts, expected 1 to \(mostTexts).")
        }
        var texts: [String] = []
        for (index, value) in values.enumerated() { texts.append(try text(value, "\(field)[\(index)]")) }
        return texts
    }

    /// The answer in the dialect of the request.
    func response(_ predictions: [Classifier.Prediction], of classifier: Classifier) -> Response {
        .json { writer in
            switch dialect {
            case .text:
                writer.append(predictions[0], of: classifier, model: classifier.name)
            case .tweet:
                let positive =
                    classifier.labels.firstIndex { $0.lowercased() == "positive" } ?? classifier.labels.count - 1
                writer.beginObject()
                writer.member("sentiment", classifier.labels[predictions[0].label])
                writer.key("probability")
                writer.value(predictions[0].scores[positive])
                writer.endObject()
            case .input:
                writer.append(sorted: predictions[0], of: classifier)
            case .inputs:
                writer.beginArray()
                for prediction in predictions { writer.append(sorted: prediction, of: classifier) }
                writer.endArray()
            case .texts:
                writer.beginObject()
                writer.key("predictions")
                writer.beginArray()
                for prediction in predictions { writer.append(prediction, of: classifier, model: nil) }
                writer.endArray()
                writer.member("model", classifier.name)
                writer.endObject()
            }
        }
    }
}

extension JSONWriter {
    fileprivate mutating func append(_ prediction: Classifier.Prediction, of classifier: Classifier, model: String?) {
        beginObject()
        member("label", classifier.labels[prediction.label])
        key("score")
        value(prediction.scores[prediction.label])
        key("scores")
        beginObject()
        for (label, score) in zip(classifier.labels, prediction.scores) {
            key(label)
            value(score)
        }
        endObject()
        member("truncated", .bool(prediction.isTruncated))
        if let model { member("model", model) }
        endObject()
    }

    /// All labels with their scores, best first.
    fileprivate mutating func append(sorted prediction: Classifier.Prediction, of classifier: Classifier) {
        beginArray()
        for index in prediction.scores.indices.sorted(by: { prediction.scores[$0] > prediction.scores[$1] }) {
            beginObject()
            member("label", classifier.labels[index])
            key("score")
            value(prediction.scores[index])
            endObject()
        }
        endArray()
    }
}
