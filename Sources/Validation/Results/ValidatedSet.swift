import Crypto
public import Feedback
public import Files
import Foundation
import Reports

/// The validated reports as a table: `id,text,label,predicted,score,model,time,status,annotator,note`.
///
/// It is made of the journal alone, so the same decisions always give the same bytes.
public struct ValidatedSet: Sendable {
    /// One validated report.
    public struct Row: Equatable, Sendable {
        /// The report.
        public var report: FeedbackRecord
        /// The text.
        public var text: String
        /// The validated label.
        public var label: String
        /// Those who decided.
        public var annotators: [String]
        /// What they noted.
        public var note: String

        /// Whether the label is the one of the user or of the model, or another one.
        public var status: String {
            label == report.expected || label == report.predicted ? "confirmed" : "corrected"
        }
    }

    /// The columns of the table.
    public static let columns = [
        "id", "text", "label", "predicted", "score", "model", "time", "status", "annotator", "note",
    ]

    /// The validated reports, in the order of their times.
    public let rows: [Row]
    /// The number of reports that everybody who has looked has skipped.
    public let skipped: Int
    /// The number of reports that are no examples.
    public let rejected: Int
    /// The number of reports about which annotators disagree.
    public let disputed: Int

    /// Collects what was decided.
    ///
    /// - Parameter ledger: What is valid now.
    public init(_ ledger: Ledger) {
        var rows: [Row] = []
        var counts = (skipped: 0, rejected: 0, disputed: 0)
        for (id, report) in ledger.reports {
            switch ledger.outcome(of: id) {
            case .label(let label, let annotators, let note):
                guard case .text(let text) = report.content else { continue }
                rows.append(
                    Row(report: report, text: text, label: label, annotators: annotators, note: note))
            case .skipped: counts.skipped += 1
            case .rejected: counts.rejected += 1
            case .disputed: counts.disputed += 1
            case .open: break
            }
        }
        self.rows = rows.sorted { ($0.report.time, $0.report.id) < ($1.report.time, $1.report.id) }
        (skipped, rejected, disputed) = (counts.skipped, counts.rejected, counts.disputed)
    }

    /// The number of rows of each label.
    public var counts: [String: Int] { rows.reduce(into: [:]) { $0[$1.label, default: 0] += 1 } }

    /// The table, in UTF-8.
    public var bytes: [UInt8] {
        var table = DelimitedWriter()
        table.append(Self.columns)
        for row in rows {
            table.append([
                "\(row.report.id)", row.text, row.label, row.report.predicted, "\(row.report.score)",
                row.report.model,
                "\(row.report.time)", row.status, row.annotators.joined(separator: "+"), row.note,
            ])
        }
        return table.bytes
    }

    /// The SHA-256 of the table, in hexadecimal digits.
    public var digest: String {
        SHA256.hash(data: Data(bytes)).map { String(format: "%02x", $0) }.joined()
    }

    /// Writes the table, and its lineage beside it, each of them completely or not at all.
    ///
    /// - Parameters:
    ///   - path: The path of the table. The lineage gets the suffix `.lineage.json`.
    ///   - ledger: What is valid now.
    ///   - time: The time that the lineage states.
    /// - Throws: `FileError` if a file cannot be written.
    public func write(to path: String, _ ledger: Ledger, at time: FeedbackTime) throws(FileError) {
        let table = try AtomicFile(path: path)
        try table.append(bytes)
        let lineage = try AtomicFile(path: path + ".lineage.json")
        try lineage.append(Lineage(self, ledger, at: time).bytes)
        try table.commit()
        try lineage.commit()
    }
}
