import Crypto
public import Feedback
import Foundation
public import JSON

/// The members of one report, as a file or a service gives them: each a JSON value, or a text that stands for one.
public struct ReportFields: Sendable {
    /// The members by name.
    public var values: [String: JSON]

    /// Takes members.
    ///
    /// - Parameter values: The members by name.
    public init(_ values: [String: JSON]) { self.values = values }

    /// Takes the members of an object; anything else has none.
    ///
    /// - Parameter json: The object.
    public init(_ json: JSON) {
        if case .object(let members) = json {
            values = Dictionary(members.map { ($0.key, $0.value) }) { $1 }
        } else {
            values = [:]
        }
    }

    /// A member as a text, or nil if it is missing, null or empty.
    ///
    /// - Parameter names: The names that it may have, the usual one first.
    /// - Returns: The text of the first member that is there; a number or a boolean as it is written in JSON.
    public func text(_ names: String...) -> String? {
        for name in names {
            switch values[name] {
            case .string(let text)? where !text.isEmpty: return text
            case .number(let number)?:
                return number == number.rounded() && abs(number) < 1e15
                    ? "\(Int(number))" : "\(number)"
            case .bool(let value)?: return "\(value)"
            default: continue
            }
        }
        return nil
    }

    /// A member as a number, or nil if it is missing or not a finite number.
    func number(_ names: String...) -> Double? {
        for name in names {
            switch values[name] {
            case .number(let number)?: return number
            case .string(let text)?:
                if let number = Double(text), number.isFinite { return number }
            default: continue
            }
        }
        return nil
    }

    /// The report.
    ///
    /// A report without a name of 32 hexadecimal digits gets one from its name, or from its text, label and time, so that
    /// the same report always has the same name.
    ///
    /// - Parameter place: The file and the line, for errors.
    /// - Returns: The report.
    /// - Throws: `ReportError` if the text, the label, the score or the time is missing or not valid.
    public func record(_ place: String) throws(ReportError) -> FeedbackRecord {
        guard
            let content = text("text", "tweet").map(FeedbackRecord.Content.text) ?? text("text_hash").map({ .hash($0) })
        else { throw missing("text", place) }
        guard let predicted = text("predicted_label", "predicted", "prediction") else {
            throw missing("predicted_label", place)
        }
        guard let score = number("score", "probability") else { throw missing("score", place) }
        guard let moment = text("time", "timestamp", "TimeGenerated") else { throw missing("time", place) }
        guard let time = ReportTime.parse(moment) else {
            throw ReportError(
                place, "the time is '\(moment.prefix(40))'",
                "Write it as RFC 3339 has it, such as 2026-11-24T16:20:00Z.")
        }
        let expected = text("expected_label", "expected")
        return FeedbackRecord(
            id: id(content, predicted, time), time: time, content: content, predicted: predicted, score: score,
            expected: expected, comment: text("comment"), isCorrect: isCorrect(expected, predicted),
            model: text("model") ?? "", modelDigest: text("model_sha256") ?? "", version: text("version") ?? "",
            instance: text("instance") ?? "")
    }

    private func missing(_ name: String, _ place: String) -> ReportError {
        let names = values.keys.sorted().prefix(20).map { "'\($0)'" }.joined(separator: ", ")
        return ReportError(
            place, "the report has no usable member '\(name)'; its members are \(names.isEmpty ? "none" : names)",
            "A report has text, predicted_label, score and time.")
    }

    private func isCorrect(_ expected: String?, _ predicted: String) -> Bool? {
        switch text("is_correct")?.lowercased() {
        case "true"?: true
        case "false"?: false
        default: expected.map { $0 == predicted }
        }
    }

    private func id(_ content: FeedbackRecord.Content, _ predicted: String, _ time: FeedbackTime) -> FeedbackID {
        let given = text("id")
        if let id = given.flatMap({ FeedbackID($0) }) { return id }
        let parts =
            switch content {
            case .text(let text): [given ?? "", text, predicted, "\(time)"]
            case .hash(let digits): [given ?? "", digits, predicted, "\(time)"]
            }
        let own = given.map { [$0] } ?? parts
        return FeedbackID(digest: Array(SHA256.hash(data: Data(own.joined(separator: "\0").utf8))))
    }
}
