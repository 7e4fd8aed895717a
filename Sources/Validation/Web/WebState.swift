import Feedback
import JSON

/// The state of a session as the page draws it.
///
/// The page sets all texts as texts, so none of them can be a part of the page.
enum WebState {
    static func json(_ session: Session, _ evidence: ReviewScreen.Evidence, isEnded: Bool) -> JSON {
        [
            "annotator": .string(session.annotator), "settles": .bool(session.settles),
            "done": .number(Double(session.done)), "total": .number(Double(session.items.count)),
            "message": .string(session.message), "isEnded": .bool(isEnded),
            "commands": .array(
                session.commands.map { command in
                    var label = JSON.null
                    if case .label(let name) = command.action { label = .string(name) }
                    return [
                        "name": .string(command.name), "meaning": .string(command.meaning),
                        "action": .string(command.action.name), "label": label,
                    ]
                }), "item": session.position.map { item($0, session, evidence) } ?? .null,
        ]
    }

    private static func item(_ index: Int, _ session: Session, _ evidence: ReviewScreen.Evidence)
        -> JSON
    {
        let item = session.items[index]
        let judgement = session.judgement(index)
        return [
            "id": .string("\(item.report.id)"), "number": .number(Double(index + 1)),
            "text": .string(VisibleText.of(item.text, keepsLines: true)),
            "state": .string(state(judgement.verdict)),
            "note": .string(judgement.note),
            "facts": .array(
                facts(item, session).map { .array([.string($0.0), .string(VisibleText.of($0.1))]) }),
            "reasons": .array(
                evidence.reasons.prefix(12).map {
                    ["text": .string(VisibleText.of($0.text)), "contribution": .number($0.contribution)]
                }),
            "similar": .array(
                evidence.similar.map {
                    [
                        "text": .string(VisibleText.of($0.text)), "similarity": .number($0.similarity),
                        "state": .string(state($0.verdict)),
                    ]
                }),
        ]
    }

    private static func state(_ verdict: Verdict) -> String {
        switch verdict {
        case .label(let label): "decided: \(VisibleText.of(label))"
        case .skipped: "skipped"
        case .rejected: "rejected"
        case .open: ""
        }
    }

    private static func facts(_ item: ReviewItem, _ session: Session) -> [(String, String)] {
        let report = item.report
        var facts = [
            (
                "User",
                report.expected
                    ?? (report.isCorrect == false ? "says that it is wrong" : "has named no label")
            ),
            ("Answer", "\(report.predicted) \(decimals(report.score)), \(report.model) \(day(report))"),
        ]
        if let comment = report.comment { facts.insert(("Comment", comment), at: 1) }
        if let opinion = item.opinion {
            let scores = opinion.scores.prefix(4).map { "\($0.label) \(decimals($0.score))" }
            facts.append(("Model now", "\(opinion.label) (\(scores.joined(separator: " · ")))"))
        }
        if item.isDisagreement { facts.append(("Order", "the user and the model disagree")) }
        if session.settles, case .disputed(let judgements) = session.ledger.outcome(of: report.id) {
            for (name, judgement) in judgements.sorted(by: { $0.key < $1.key }) {
                let note = judgement.note.isEmpty ? "" : " “\(judgement.note)”"
                facts.append((name, (judgement.verdict.label ?? "rejected") + note))
            }
        }
        if let index = session.position, !session.judgement(index).note.isEmpty {
            facts.append(("Note", session.judgement(index).note))
        }
        return facts
    }
}
