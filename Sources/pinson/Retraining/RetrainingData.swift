import ArgumentParser
import Files
import Foundation
import Tracking
import Training

/// What a retraining learns from, and what it is measured on.
struct RetrainingData {
    /// The tweets that are learned beside the reports.
    let base: [Tweet]
    let reports: ReportFile
    let selection: ReportSelection
    /// What earlier retrainings have said about reports.
    let history: ReportHistory
    /// How many texts of the other data a report counts as.
    let weight: Int

    /// The number of reports that no retraining has considered, and that are not left out because they were refused.
    var new: Int {
        reports.reports.count { history.verdicts[$0.id] == nil || selectionAgain.contains($0.id) }
    }

    /// The reports of refused retrainings that are used again.
    private let selectionAgain: Set<String>

    /// Chooses among the reports.
    ///
    /// - Parameters:
    ///   - base: The tweets that are learned beside the reports.
    ///   - reports: The reports.
    ///   - test: The test set.
    ///   - history: What earlier retrainings have said about reports.
    ///   - options: How much the reports may change the model.
    init(_ base: [Tweet], _ reports: ReportFile, test: [Tweet], history: ReportHistory, _ options: ReportOptions) {
        self.base = base
        self.reports = reports
        self.history = history
        weight = options.feedbackWeight
        selectionAgain = options.again ? history.refused : []
        selection = ReportSelection(
            reports.reports, refused: history.refused.subtracting(selectionAgain), base: base.map(\.text),
            test: test.map(\.text), cap: options.caps(base.compactMap(\.label)))
    }

    /// The number of reports, of new ones, and of those with each outcome.
    var counts: [String: Int] {
        var counts = ["given": reports.reports.count, "new": new, "base": base.count]
        for outcome in ReportSelection.Outcome.allCases { counts[outcome.rawValue] = selection.count(outcome) }
        return counts
    }

    /// Writes the files that the steps read.
    ///
    /// - Throws: `FileError` if a file cannot be written.
    func write(to folder: RetrainingFolder) throws {
        try write(
            base.map { [$0.text, $0.label ?? ""] }
                + selection.learned.flatMap { Array(repeating: [$0.text, $0.label], count: weight) },
            to: folder.file(RetrainingSteps.training))
        try write(selection.heldOut.map { [$0.text, $0.label] }, to: folder.file(RetrainingSteps.reported))
        try writeFile(history.text, to: folder.file(ReportHistory.earlier))
        try writeFile(
            ReportHistory.text(selection.outcomes.mapValues(\.rawValue), columns: ["id", "outcome"]),
            to: folder.file(ReportHistory.selection))
    }

    private func write(_ records: [[String]], to path: String) throws {
        let file = try AtomicFile(path: path)
        var bytes = csvRecord(["text", "label"])
        for record in records {
            appendCSVRecord(record, to: &bytes)
            if bytes.count > 1 << 20 {
                try file.append(bytes)
                bytes.removeAll(keepingCapacity: true)
            }
        }
        try file.append(bytes)
        try file.commit()
    }
}
