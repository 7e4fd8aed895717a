import Feedback
import Files
import Foundation
import Reports
import Validation

/// The reports that are validated, the journal of the decisions, and the table that is made of it.
struct ReviewPlace: Sendable {
    let items: [ReviewItem]
    let labels: [String]
    let opinions: ModelOpinions?
    let journal: Journal
    /// The path of the table.
    let output: String
    private let duplicates: NearDuplicates
    private let positions: [FeedbackID: Int]

    /// Reads the reports and the model, and notes in the journal that work on them begins.
    ///
    /// - Parameters:
    ///   - paths: Files and folders with reports.
    ///   - model: The model whose answers are shown, or nil.
    ///   - given: All labels; if empty, those of the model, or else those of the reports.
    ///   - output: The path of the table.
    /// - Throws: `ReportError`, `ModelFileError` or `FileError` if a file cannot be read or the journal cannot be written.
    init(_ paths: [String], model: String?, labels given: [String], output: String) throws {
        var records: [FeedbackRecord] = []
        var sources: [Opening.Source] = []
        for path in paths {
            let file = try ExportedReports(reading: path)
            for problem in file.problems { say(problem) }
            records += file.records
            sources.append(.init(path: path, digest: file.digest, records: file.records.count))
        }
        let set = ReportSet(records)
        let texts = set.records.map { if case .text(let text) = $0.content { text } else { "" } }
        let opinions = try model.map(ModelOpinions.init)
        let labels = Self.labels(given, opinions, set.records)
        let answers = try opinions?.opinions(texts)
        items = ReviewOrder.sorted(
            set.records.indices.compactMap {
                ReviewItem(set.records[$0], labels: labels, opinion: answers?[$0])
            })
        let hidden = set.records.count - items.count
        if hidden > 0 {
            say("\(hidden) reports have only a hash of their text, so nobody can validate them")
        }
        (self.labels, self.opinions, self.output) = (labels, opinions, output)
        journal = Journal(path: output + ".journal")
        duplicates = NearDuplicates(items.map(\.text))
        positions = Dictionary(items.enumerated().map { ($1.report.id, $0) }) { first, _ in first }
        let ledger = try Self.ledger(journal, reports: true)
        let isKnown = sources.allSatisfy(ledger.sources.contains)
        if !isKnown || opinions != nil && ledger.model != opinions?.digest {
            try journal.append([.opening(Opening(sources: sources, model: opinions?.digest))])
        }
    }

    /// What the journal says now.
    func ledger() throws -> Ledger { try Self.ledger(journal, reports: false) }

    private static func ledger(_ journal: Journal, reports: Bool) throws -> Ledger {
        let (lines, damaged) = try journal.read()
        if reports, !damaged.isEmpty {
            let numbers = damaged.prefix(10).map(String.init).joined(separator: ", ")
            say(
                "\(journal.path): \(damaged.count == 1 ? "line" : "lines") \(numbers) cannot be read and are left out"
            )
        }
        return Ledger(lines)
    }

    private static func labels(
        _ given: [String], _ opinions: ModelOpinions?, _ records: [FeedbackRecord]
    ) -> [String] {
        if !given.isEmpty { return given.reduce(into: []) { if !$0.contains($1) { $0.append($1) } } }
        return opinions?.labels
            ?? Set(records.map(\.predicted) + records.compactMap(\.expected)).sorted()
    }

    /// What is shown beside a report.
    func evidence(_ item: ReviewItem, _ session: Session) -> ReviewScreen.Evidence {
        let similar = (positions[item.report.id].map { duplicates.matches(of: $0) } ?? []).map {
            match in
            let other = items[match.index]
            return ReviewScreen.Similar(
                match.similarity, other.text,
                session.ledger.judgement(of: other.report.id, by: session.annotator, settles: false).verdict
            )
        }
        return .init(reasons: opinions?.reasons(item.text) ?? [], similar: similar)
    }

    /// Writes the table and its lineage, and says what they hold.
    ///
    /// Another process may have added decisions, so the journal is read again.
    func finish() throws {
        let ledger = try ledger()
        let set = ValidatedSet(ledger)
        try set.write(to: output, ledger, at: .now)
        print(summary(ledger).text)
    }

    /// What was decided, in sentences.
    func summary(_ ledger: Ledger) -> ValidationSummary {
        ValidationSummary(ValidatedSet(ledger), ledger, path: output, items: items)
    }
}
