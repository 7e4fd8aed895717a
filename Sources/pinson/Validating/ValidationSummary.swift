import ContainerImage
import Feedback
import Foundation
import Validation

/// What was validated, for people and for programs.
struct ValidationSummary {
    private let set: ValidatedSet
    private let agreements: [Agreement]
    private let disputes: [(report: FeedbackRecord, judgements: [String: Judgement])]
    private let path: String
    private let open: Int

    init(_ set: ValidatedSet, _ ledger: Ledger, path: String, items: [ReviewItem]) {
        (self.set, self.path) = (set, path)
        agreements = Agreement.all(ledger)
        disputes = ledger.disputes.compactMap { id in
            guard case .disputed(let judgements) = ledger.outcome(of: id), let report = ledger.reports[id]
            else {
                return nil
            }
            return (report, judgements)
        }
        open = items.count { ledger.outcome(of: $0.report.id) == .open }
    }

    /// The summary in a few lines.
    var text: String {
        let labels = set.counts.sorted { $0.key < $1.key }.map { "\($0.key.singleLine) \($0.value)" }
        var lines = [
            "\(path): \(set.rows.count) validated"
                + (labels.isEmpty ? "" : " (\(labels.joined(separator: ", ")))")
                + ", \(set.skipped) skipped, \(set.rejected) rejected, \(set.disputed) in dispute, \(open) open",
            "sha256 \(set.digest)",
        ]
        lines += agreements.map(Self.sentence)
        if !disputes.isEmpty {
            lines.append(
                "settle the \(disputes.count) disagreements with `pinson feedback validate --settle`")
        }
        return lines.joined(separator: "\n")
    }

    /// The agreement, and each disagreement.
    var agreementText: String {
        var lines = agreements.map(Self.sentence)
        if agreements.isEmpty { lines.append("no report has the decisions of two annotators") }
        for (report, judgements) in disputes {
            guard case .text(let text) = report.content else { continue }
            let verdicts = judgements.sorted { $0.key < $1.key }.map {
                "\($0.key.singleLine): \(($0.value.verdict.label ?? "rejected").singleLine)"
            }
            lines.append("\(report.id)  \(verdicts.joined(separator: ", "))  \(text.singleLine)")
        }
        return lines.joined(separator: "\n")
    }

    private static func sentence(_ agreement: Agreement) -> String {
        let names = agreement.annotators.map(\.singleLine).joined(separator: " and ")
        let share = fixed(100 * agreement.observed, 1)
        let start = "\(names): \(agreement.pairs) reports in common, \(share) % equal, "
        guard let kappa = agreement.kappa, let interval = agreement.interval else {
            return start + "kappa is not defined, because both gave only one label"
        }
        return start
            + "kappa \(fixed(kappa, 3)) (95 %: \(fixed(interval.lowerBound, 3)) to \(fixed(interval.upperBound, 3)))"
    }
}
