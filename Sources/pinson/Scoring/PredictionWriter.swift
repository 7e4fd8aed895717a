import ContainerImage
import Inference
import JSON
import Training

/// Writes predictions in one of the formats of `classify`, one line for each text.
struct PredictionWriter: Sendable {
    enum Format: String, CaseIterable, Sendable {
        case text, jsonl, csv

        /// The extension of the files that `--shard` writes.
        var fileExtension: String { self == .text ? "txt" : rawValue }

        /// The columns that hold the prediction.
        fileprivate var columns: [String] {
            switch self {
            case .text: []
            case .csv: ["label", "score"]
            case .jsonl: ["label", "score", "scores", "logits"]
            }
        }
    }

    let format: Format
    private let labels: [String]
    private let names: OutputNames
    /// The labels in alphabetical order, with their positions.
    private let sorted: [(index: Int, label: String)]

    init(_ format: Format, labels: [String], explains: Bool = false) {
        self.format = format
        self.labels = labels
        names = OutputNames(own: format.columns + (explains ? ["explanation"] : []))
        sorted = labels.enumerated().sorted { $0.element < $1.element }.map { ($0.offset, $0.element) }
    }

    /// The bytes before the first prediction.
    ///
    /// - Parameter columns: The names of the input's columns.
    /// - Returns: The header of a CSV file, and nothing in the other formats.
    func header(_ columns: [String]) -> [UInt8] {
        format == .csv ? csvRecord(names.names(columns) + format.columns) : []
    }

    /// The lines of some predictions, in UTF-8.
    func lines(_ tweets: [Tweet], _ predictions: [Prediction]) -> [UInt8] {
        let answers = zip(tweets, predictions)
        switch format {
        case .text: return Array(answers.map(line).joined().utf8)
        case .csv:
            var bytes: [UInt8] = []
            for (tweet, prediction) in answers {
                appendCSVRecord(
                    tweet.fields.map(\.text) + [label(prediction), "\(score(prediction))"], to: &bytes)
            }
            return bytes
        case .jsonl:
            var writer = JSONWriter()
            for (tweet, prediction) in answers { write(tweet, prediction, to: &writer) }
            return writer.bytes
        }
    }

    private func label(_ prediction: Prediction) -> String { labels[prediction.label] }

    private func score(_ prediction: Prediction) -> Float { prediction.scores[prediction.label] }

    private func line(_ tweet: Tweet, _ prediction: Prediction) -> String {
        "\(label(prediction).singleLine)\t\(fixed(Double(score(prediction)), 4))\t\(tweet.text.singleLine)\n"
            + (prediction.explanation?.parts ?? []).prefix(Self.shownParts).map { part in
                "\t\(part.contribution < 0 ? "" : "+")\(fixed(Double(part.contribution), 4))\t\(part.text.singleLine)\n"
            }.joined()
    }

    /// The number of parts of an explanation that are shown as text.
    private static let shownParts = 10

    private func write(_ tweet: Tweet, _ prediction: Prediction, to writer: inout JSONWriter) {
        writer.beginObject()
        writer.write(tweet.fields, names)
        writer.member("label", label(prediction))
        writer.member("score", score(prediction))
        writer.key("scores")
        writer.beginObject()
        for (index, label) in sorted { writer.member(label, prediction.scores[index]) }
        writer.endObject()
        writer.key("logits")
        writer.beginArray()
        for logit in prediction.logits { writer.value(logit) }
        writer.endArray()
        if let explanation = prediction.explanation { write(explanation, to: &writer) }
        writer.endObject()
        writer.endLine()
    }
}

extension PredictionWriter {
    private func write(_ explanation: Explanation, to writer: inout JSONWriter) {
        writer.key("explanation")
        writer.beginObject()
        writer.member("method", explanation.method.rawValue)
        writer.member("logit", explanation.logit)
        writer.member("bias", explanation.bias)
        writer.key("parts")
        writer.beginArray()
        for part in explanation.parts {
            writer.beginObject()
            writer.member("text", part.text)
            writer.member("contribution", part.contribution)
            writer.endObject()
        }
        writer.endArray()
        writer.endObject()
    }
}

extension JSONWriter {
    /// Writes the columns of the input as members of an object.
    mutating func write(_ fields: [Tweet.Field], _ names: OutputNames) {
        for (name, field) in zip(names.names(fields.map(\.name)), fields) {
            switch field.value {
            case .text(let text): member(name, text)
            case .json(let source): member(name, source: source)
            }
        }
    }
}

extension Tweet.Field {
    /// The content as a text.
    var text: String {
        switch value {
        case .text(let text): text
        case .json(let source): String(decoding: source, as: UTF8.self)
        }
    }
}
