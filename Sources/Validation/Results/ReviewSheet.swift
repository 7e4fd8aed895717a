public import Feedback
import Foundation
import Reports

/// The open reports as a table for a spreadsheet program, in which a person fills the column `label`.
///
/// Instead of a label, `skip` and `reject` mean what the keys with these names mean.
public enum ReviewSheet {
    /// The columns of the table.
    public static let columns = [
        "id", "text", "user", "answer", "score", "model", "comment", "label", "note",
    ]

    /// An identifier of digits alone would become a rounded number in a spreadsheet program, so a letter precedes it.
    private static let mark = "r"

    /// Writes the reports that the annotator has not decided, in the order of the screen.
    ///
    /// - Parameter session: The session of the annotator.
    /// - Returns: CSV in UTF-8 with a byte order mark, by which spreadsheet programs recognize UTF-8.
    public static func table(_ session: Session) -> [UInt8] {
        var table = DelimitedWriter()
        table.append(columns)
        for index in session.open {
            let item = session.items[index]
            let fields = [
                mark + "\(item.report.id)", item.text, item.report.expected ?? "", item.report.predicted,
                decimals(item.report.score), item.opinion?.label ?? "", item.report.comment ?? "", "",
                session.judgement(index).note,
            ]
            table.append(fields.map(SheetCell.escaped))
        }
        return [0xEF, 0xBB, 0xBF] + table.bytes
    }

    /// Reads what a person has filled in.
    ///
    /// Rows without a label and without a new note change nothing, and neither do decisions that are valid already.
    ///
    /// - Parameters:
    ///   - bytes: The table, as a spreadsheet program has saved it.
    ///   - path: The name of the file, for errors.
    ///   - session: The session of the annotator.
    ///   - time: The time of the decisions.
    /// - Returns: The decisions.
    /// - Throws: `ReportError` if it is not a table, and `ReviewError` if a column is missing, or if a row has a label or
    ///   an identifier that is not known, or contradicts another one.
    public static func entries(
        _ bytes: [UInt8], path: String, _ session: Session, at time: FeedbackTime
    ) throws -> [JournalEntry] {
        let table = try DelimitedTable(bytes, path: path)
        guard let id = table.column("id"), let label = table.column("label") else {
            throw ReviewError(
                "\(path):1",
                "the columns 'id' and 'label' are expected, but the header has "
                    + table.header.map { "'\($0)'" }.joined(separator: ", "),
                "Fill in a table that '--to-sheet' has written.")
        }
        let note = table.column("note")
        var lines: [Int: Int] = [:]
        var entries: [JournalEntry] = []
        for row in table.rows {
            let place = "\(path):\(row.line)"
            let name = row.fields[id].trimmingCharacters(in: .whitespaces)
            let text = SheetCell.text(row.fields[label]).trimmingCharacters(in: .whitespaces)
            guard let index = position(name, session) else {
                throw ReviewError(
                    place, "the id '\(name.prefix(40))' is not one of these reports",
                    "Give the same reports as for '--to-sheet', and leave the column 'id' as it is.")
            }
            var judgement = session.judgement(index)
            if let note {
                judgement.note = String(SheetCell.text(row.fields[note]).prefix(Session.longestText))
            }
            if !text.isEmpty { judgement.verdict = try verdict(text, session.labels, place) }
            if judgement == session.judgement(index) { continue }
            if let earlier = lines.updateValue(row.line, forKey: index) {
                throw ReviewError(
                    place, "the report of this row is decided in line \(earlier), too",
                    "Remove one of both rows.")
            }
            entries.append(
                JournalEntry(
                    session.items[index].report, annotator: session.annotator, time: time, judgement,
                    settles: session.settles))
        }
        return entries
    }

    private static func position(_ name: String, _ session: Session) -> Int? {
        FeedbackID(name.hasPrefix(mark) ? name.dropFirst() : name[...]).flatMap(session.position)
    }

    /// The verdict in a cell.
    ///
    /// Spreadsheet programs may change the first letter of a word.
    private static func verdict(_ text: String, _ labels: [String], _ place: String)
        throws(ReviewError) -> Verdict
    {
        if labels.contains(text) { return .label(text) }
        let alike = labels.filter { $0.lowercased() == text.lowercased() }
        if alike.count == 1 { return .label(alike[0]) }
        switch text.lowercased() {
        case "skip": return .skipped
        case "reject": return .rejected
        default:
            let known = labels.map { "'\($0)'" }.joined(separator: ", ")
            throw ReviewError(
                place, "the label '\(text.prefix(40))' is not known",
                "Write one of \(known), or 'skip', or 'reject', or leave the cell empty.")
        }
    }
}
