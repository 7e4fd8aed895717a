import Inference
import JSON

/// Writes predictions in one of the formats of `classify`, one line for each text.
struct PredictionWriter: Sendable {
    enum Format: String, CaseIterable, Sendable {
        case text, jsonl, csv

        /// The extension of the files that `--shard` writes.
        var fileExtension: String { self == .text ? "txt" : rawValue }
    }

    let format: Format
    private let labels: [String]
    /// The labels in alphabetical order, with their positions.
    private let sorted: [(index: Int, label: String)]

    init(_ format: Format, labels: [String]) {
        self.format = format
        self.labels = labels
        sorted = labels.enumerated().sorted { $0.element < $1.element }.map { ($0.offset, $0.element) }
    }

    /// The line before the first prediction.
    var header: String { format == .csv ? "text,label,score\n" : "" }

    /// The lines of some predictions, in UTF-8.
    func lines(_ texts: [String], _ predictions: [Prediction]) -> [UInt8] {
        switch format {
        case .text, .csv: Array(zip(texts, predictions).map(line).joined().utf8)
        case .jsonl: jsonLines(texts, predictions)
        }
    }

    private func line(_ text: String, _ prediction: Prediction) -> String {
        let label = labels[prediction.label]
        let score = prediction.scores[prediction.label]
        if format == .csv { return "\(quoted(text)),\(quoted(label)),\(score)\n" }
        return "\(label)\t\(fixed(Double(score), 4))\t\(String(text.map { $0.isNewline || $0 == "\t" ? " " : $0 }))\n"
    }

    private func jsonLines(_ texts: [String], _ predictions: [Prediction]) -> [UInt8] {
        var writer = JSONWriter()
        for (text, prediction) in zip(texts, predictions) {
            writer.beginObject()
            writer.member("label", labels[prediction.label])
            writer.key("logits")
            writer.beginArray()
            for logit in prediction.logits { writer.value(logit) }
            writer.endArray()
            writer.member("score", prediction.scores[prediction.label])
            writer.key("scores")
            writer.beginObject()
            for (index, label) in sorted { writer.member(label, prediction.scores[index]) }
            writer.endObject()
            writer.member("text", text)
            writer.endObject()
            writer.endLine()
        }
        return writer.bytes
    }

    /// A CSV field, in quotes where RFC 4180 requires them.
    private func quoted(_ field: String) -> String {
        guard field.utf8.contains(where: { [0x22, 0x2C, 0x0A, 0x0D].contains($0) }) else { return field }
        return "\"" + field.replacing("\"", with: "\"\"") + "\""
    }
}
