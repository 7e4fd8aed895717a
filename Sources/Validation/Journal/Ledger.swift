public import Feedback

/// What is valid now, according to all lines of a journal.
public struct Ledger: Sendable {
    /// The state before a decision, to which `undo` returns.
    private struct Step: Sendable {
        var id: FeedbackID
        var before: Judgement
    }

    /// The work of an annotator that has its own order of decisions.
    private struct Pass: Hashable, Sendable {
        var annotator: String
        var settles: Bool
    }

    /// The decision that settles a disagreement.
    public struct Settlement: Equatable, Sendable {
        /// Who decided.
        public var annotator: String
        /// What.
        public var judgement: Judgement
    }

    /// The reports of the journal.
    public private(set) var reports: [FeedbackID: FeedbackRecord] = [:]
    /// The judgements of each report, by annotator.
    public private(set) var judgements: [FeedbackID: [String: Judgement]] = [:]
    /// The decisions that settle disagreements.
    public private(set) var settlements: [FeedbackID: Settlement] = [:]
    /// The different sources, in the order in which work on them began.
    public private(set) var sources: [Opening.Source] = []
    /// The digest of the model whose answers were shown last, or nil.
    public private(set) var model: String?
    /// The decisions that can be taken back, the last one at the end.
    private var steps: [Pass: [Step]] = [:]

    /// Reads lines.
    ///
    /// - Parameter lines: The lines of a journal, in their order.
    public init(_ lines: [JournalLine] = []) { for line in lines { add(line) } }

    /// Takes the next line into account.
    ///
    /// - Parameter line: The line.
    public mutating func add(_ line: JournalLine) {
        switch line {
        case .opening(let opening):
            for source in opening.sources where !sources.contains(source) { sources.append(source) }
            model = opening.model ?? model
        case .entry(let entry):
            let id = entry.report.id
            reports[id] = entry.report
            let pass = Pass(annotator: entry.annotator, settles: entry.settles)
            if entry.undoes {
                _ = steps[pass]?.popLast()
            } else {
                let before = judgement(of: id, by: entry.annotator, settles: entry.settles)
                steps[pass, default: []].append(Step(id: id, before: before))
            }
            if entry.settles {
                let isOpen = entry.judgement == Judgement()
                settlements[id] =
                    isOpen ? nil : Settlement(annotator: entry.annotator, judgement: entry.judgement)
            } else {
                judgements[id, default: [:]][entry.annotator] = entry.judgement
            }
        }
    }

    /// The judgement of an annotator.
    ///
    /// - Parameters:
    ///   - id: The report.
    ///   - annotator: The annotator. A settlement has one judgement, whoever made it.
    ///   - settles: Whether the settlement is meant, rather than the annotator's own judgement.
    /// - Returns: The judgement, which is open if there is none.
    public func judgement(of id: FeedbackID, by annotator: String, settles: Bool = false) -> Judgement {
        (settles ? settlements[id]?.judgement : judgements[id]?[annotator]) ?? Judgement()
    }

    /// The entry that takes back the last decision of an annotator.
    ///
    /// - Parameters:
    ///   - annotator: The annotator.
    ///   - time: The time of the entry.
    ///   - settles: Whether the last settlement is taken back, rather than the last judgement of the annotator's own.
    /// - Returns: The entry, or nil if there is nothing to take back.
    public func undo(by annotator: String, at time: FeedbackTime, settles: Bool) -> JournalEntry? {
        guard let step = steps[Pass(annotator: annotator, settles: settles)]?.last,
            let report = reports[step.id]
        else {
            return nil
        }
        return JournalEntry(
            report, annotator: annotator, time: time, step.before, settles: settles, undoes: true)
    }
}
