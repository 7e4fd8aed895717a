public import Feedback

/// What all annotators together say about a report.
public enum Outcome: Equatable, Sendable {
    /// Nobody has decided.
    case open
    /// Everybody who has looked has skipped it.
    case skipped
    /// It is no example.
    case rejected
    /// It has a label, from these annotators.
    case label(String, annotators: [String], note: String)
    /// The annotators disagree, and nobody has settled it.
    case disputed([String: Judgement])
}

extension Ledger {
    /// What all annotators together say about a report.
    ///
    /// Skipping does not contradict a decision. A settlement counts more than all judgements.
    ///
    /// - Parameter id: The report.
    /// - Returns: The outcome.
    public func outcome(of id: FeedbackID) -> Outcome {
        if let settlement = settlements[id] {
            switch settlement.judgement.verdict {
            case .label(let label):
                return .label(label, annotators: [settlement.annotator], note: settlement.judgement.note)
            case .rejected: return .rejected
            case .skipped, .open: break
            }
        }
        let all = judgements[id] ?? [:]
        let decided = all.filter { $0.value.verdict.isDecision }
        let verdicts = Set(decided.values.map(\.verdict))
        guard verdicts.count < 2 else { return .disputed(decided) }
        switch verdicts.first {
        case .label(let label)?:
            let annotators = decided.keys.sorted()
            var notes: [String] = []
            for name in annotators {
                let note = decided[name]?.note ?? ""
                if !note.isEmpty, !notes.contains(note) { notes.append(note) }
            }
            return .label(label, annotators: annotators, note: notes.joined(separator: " / "))
        case .rejected?: return .rejected
        default: return all.values.contains { $0.verdict == .skipped } ? .skipped : .open
        }
    }

    /// The reports about which annotators disagree, in the order of their names.
    public var disputes: [FeedbackID] {
        judgements.keys.filter { if case .disputed = outcome(of: $0) { true } else { false } }.sorted()
    }
}
