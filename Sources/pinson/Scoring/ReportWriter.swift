import Feedback
import JSON

/// Writes reports of users in one of the formats of `feedback export`, one line for each report.
struct ReportWriter {
    enum Format: String, CaseIterable {
        case jsonl, csv
    }

    let format: Format

    /// The columns of a CSV file: the members of a report that has all of them.
    private static let columns = [
        "id", "time", "text", "text_hash", "predicted_label", "score", "expected_label", "comment", "is_correct",
        "model",
        "model_sha256", "version", "instance",
    ]

    /// The bytes before the first report.
    var header: [UInt8] { format == .csv ? csvRecord(Self.columns) : [] }

    /// The line of a report, in UTF-8.
    func line(_ record: FeedbackRecord) -> [UInt8] {
        let json = record.json
        guard format == .csv else {
            var writer = JSONWriter()
            writer.value(json)
            writer.endLine()
            return writer.bytes
        }
        return csvRecord(
            Self.columns.map { column in
                switch json[column] {
                case .string(let text)?: text
                case .bool(let value)?: value ? "true" : "false"
                case .number(let value)?: "\(value)"
                default: ""
                }
            })
    }
}
