import Inference

/// Writes what a model says about texts, a line each, in one of the formats of `classify`.
///
/// JSON is written by hand: an encoder takes longer than a small model.
struct PredictionWriter: Sendable {
    enum Format: String, CaseIterable, Sendable { case text, jsonl, csv }

    let format: Format
    private let labels: [String]
    /// For each label `"name":`, and the order in which they stand.
    private let keys: [(index: Int, json: [UInt8])]

    init(_ format: Format, labels: [String]) {
        self.format = format
        self.labels = labels
        keys = labels.enumerated().sorted { $0.element < $1.element }.map { index, label in
            var json: [UInt8] = []
            Self.append(label, to: &json)
            return (index, json + [UInt8(ascii: ":")])
        }
    }

    /// What precedes the first line.
    var header: String { format == .csv ? "text,label,score\n" : "" }

    func write(_ text: String, _ prediction: Classifier.Prediction, to bytes: inout [UInt8]) {
        let label = labels[prediction.label]
        let score = prediction.scores[prediction.label]
        switch format {
        case .text:
            bytes += "\(label)\t\(fixed(Double(score), 4))\t".utf8
            bytes += String(text.map { $0.isNewline || $0 == "\t" ? " " : $0 }).utf8
        case .csv:
            bytes += "\(quoted(text)),\(quoted(label)),\(score)".utf8
        case .jsonl:
            bytes += #"{"label":"#.utf8
            Self.append(label, to: &bytes)
            bytes += #","logits":["#.utf8
            for (index, logit) in prediction.logits.enumerated() {
                if index > 0 { bytes.append(UInt8(ascii: ",")) }
                Self.append(logit, to: &bytes)
            }
            bytes += #"],"score":"#.utf8
            Self.append(score, to: &bytes)
            bytes += #","scores":{"#.utf8
            for (place, key) in keys.enumerated() {
                if place > 0 { bytes.append(UInt8(ascii: ",")) }
                bytes += key.json
                Self.append(prediction.scores[key.index], to: &bytes)
            }
            bytes += #"},"text":"#.utf8
            Self.append(text, to: &bytes)
            bytes.append(UInt8(ascii: "}"))
        }
        bytes.append(UInt8(ascii: "\n"))
    }

    /// A CSV field, quoted where RFC 4180 wants it.
    private func quoted(_ field: String) -> String {
        guard field.utf8.contains(where: { [0x22, 0x2C, 0x0A, 0x0D].contains($0) }) else { return field }
        return "\"" + field.replacing("\"", with: "\"\"") + "\""
    }

    /// The shortest digits that are this number again.
    private static func append(_ number: Float, to bytes: inout [UInt8]) {
        bytes += number.description.utf8
        if bytes.suffix(2).elementsEqual(".0".utf8) { bytes.removeLast(2) }
    }

    /// A JSON string (RFC 8259, section 7).
    private static func append(_ text: String, to bytes: inout [UInt8]) {
        bytes.append(UInt8(ascii: "\""))
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"): bytes += [UInt8(ascii: "\\"), byte]
            case UInt8(ascii: "\n"): bytes += #"\n"#.utf8
            case UInt8(ascii: "\r"): bytes += #"\r"#.utf8
            case UInt8(ascii: "\t"): bytes += #"\t"#.utf8
            case 0x08: bytes += #"\b"#.utf8
            case 0x0C: bytes += #"\f"#.utf8
            case 0..<0x20:
                let digits = Array("0123456789abcdef".utf8)
                bytes += #"\u00"#.utf8
                bytes += [digits[Int(byte >> 4)], digits[Int(byte & 15)]]
            default: bytes.append(byte)
            }
        }
        bytes.append(UInt8(ascii: "\""))
    }
}
