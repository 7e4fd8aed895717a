import Feedback
import Fixtures
import Foundation
import Reports
import Testing

@testable import Validation

/// The way of the reports through a spreadsheet program.
@Suite struct ReviewSheetTests {
    private static let texts = ["=1+1", "'=x", "''", "-a, \"b\"; c", "@x\nline", "é 😀", "\t=2", "plain", "＝3", "+"]
    private var session: Session {
        Samples.session(Self.texts.enumerated().map { Samples.report($0, $1, expected: "negative", comment: $1) })
    }

    /// Fills the column of labels, and saves the table as a program with `separator` does.
    private func fill(_ labels: [String], separator: String = ",", end: String = "\n") throws -> String {
        let table = try DelimitedTable(ReviewSheet.table(session), path: "a.csv")
        #expect(table.header == ReviewSheet.columns)
        let rows = table.rows.enumerated().map { index, row in
            Array(row.fields[..<7]) + [index < labels.count ? labels[index] : "", "note \(index)"]
        }
        return ([table.header] + rows).map { row in
            row.map { "\"\($0.replacing("\"", with: "\"\""))\"" }.joined(separator: separator) + end
        }.joined()
    }

    private func entries(_ text: String) throws -> [JournalEntry] {
        try ReviewSheet.entries(Array(text.utf8), path: "a.csv", session, at: Samples.time)
    }

    @Test func noCellIsAFormulaAndEachTextComesBack() throws {
        let bytes = ReviewSheet.table(session)
        #expect(bytes.starts(with: [0xEF, 0xBB, 0xBF]))
        let table = try DelimitedTable(bytes, path: "a.csv")
        #expect(table.rows.count == 10)
        for (row, text) in zip(table.rows, Self.texts) {
            for field in row.fields { #expect(!"=+-@\t\r\n＝".contains(field.first ?? "x"), "\(field)") }
            #expect(SheetCell.text(row.fields[1]) == text && row.fields[7].isEmpty)
        }
    }

    @Test(arguments: [(",", "\n"), (";", "\r\n"), ("\t", "\r")])
    func whatAPersonFillsInIsDecided(separator: String, end: String) throws {
        let labels = ["negative", "Positive ", "skip", "Reject", "", "positive"]
        let entries = try entries(fill(labels, separator: separator, end: end))
        #expect(entries.map(\.report.id) == session.items.map(\.report.id))
        #expect(
            entries.prefix(6).map(\.judgement.verdict) == [
                .label("negative"), .label("positive"), .skipped, .rejected, .open, .label("positive"),
            ])
        #expect(entries[9].judgement == Judgement(.open, note: "note 9"))
    }

    @Test func readingTheSameSheetAgainChangesNothing() throws {
        let text = try fill(["negative", "skip"])
        let ledger = Ledger(try entries(text).map(JournalLine.entry))
        let later = Session(items: session.items, labels: Samples.labels, annotator: "ana", ledger: ledger)
        #expect(try ReviewSheet.entries(Array(text.utf8), path: "a.csv", later, at: Samples.time).isEmpty)
    }

    @Test func mistakesAreNamedWithTheirLine() throws {
        let good = try fill([])
        let cases = [
            (try fill(["", "bad"]), "a.csv:3: the label 'bad' is not known. Write one of 'negative', 'positive'"),
            (good.replacing("\"r0000", with: "\"r9000"), "a.csv:2: the id 'r9000"),
            (good.replacing("\"label\"", with: "\"labels\""), "a.csv:1: the columns 'id' and 'label' are expected"),
            (good + good.split(separator: "\n")[1] + "\n", "the report of this row is decided in line 2, too"),
        ]
        for (text, message) in cases {
            let error = #expect(throws: ReviewError.self) { try entries(text) }
            #expect(error?.description.contains(message) == true, "\(error?.description ?? "")")
        }
    }

    @Test func everyTextSurvivesACell() {
        var random = Seeded(2)
        let parts = ["'", "=", "+", "a", "\t", "-", "\u{301}"]
        for _ in 0..<2000 {
            let text = (0..<Int.random(in: 0...4, using: &random)).map { _ in parts.randomElement(using: &random) ?? ""
            }
            .joined()
            #expect(SheetCell.text(SheetCell.escaped(text)) == text)
        }
    }
}
