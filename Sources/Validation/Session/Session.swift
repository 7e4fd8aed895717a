import Feedback

/// The work of one annotator on a list of reports: a key goes in, and a new state and a line for the journal come out.
///
/// A session is a value. The caller writes the line first, and keeps the new state only if the line was written, so the
/// screen never shows a decision that is not on the disk.
public struct Session: Sendable {
    /// What the annotator is typing, if anything.
    public enum Mode: Equatable, Sendable {
        case deciding
        case note(String)
        case search(String)
    }

    /// What the caller does after a key.
    public enum Effect: Equatable, Sendable {
        case none
        /// Write this line before the new state is valid.
        case record(JournalEntry)
        /// Write this line if there is one, and end.
        case quit(JournalEntry?)
    }

    /// The reports in the order in which they are shown.
    public let items: [ReviewItem]
    /// All labels.
    public let labels: [String]
    /// Who decides.
    public let annotator: String
    /// Whether disagreements of others are settled, rather than decisions made independently of them.
    public let settles: Bool
    /// What is valid now.
    public internal(set) var ledger: Ledger
    /// The report that is shown, or nil if there is none.
    public internal(set) var position: Int?
    /// What the annotator is typing.
    public internal(set) var mode = Mode.deciding
    /// What the last key has done, in a sentence.
    public internal(set) var message = ""
    /// The first line of the text that is shown.
    public internal(set) var scroll = 0
    /// The reports that are still to be decided.
    var pending: Set<Int>
    var lastSearch = ""
    private let positions: [FeedbackID: Int]

    /// Begins or continues work.
    ///
    /// Reports that the annotator has skipped earlier come again, after all others.
    ///
    /// - Parameters:
    ///   - items: The reports in the order in which they are shown.
    ///   - labels: All labels, at most ``Command/mostLabels`` of which have keys.
    ///   - annotator: Who decides.
    ///   - settles: Whether only disagreements of others are shown, and settled.
    ///   - ledger: What is valid now.
    public init(
        items: [ReviewItem], labels: [String], annotator: String, settles: Bool = false,
        ledger: Ledger = Ledger()
    ) {
        let shown =
            settles
            ? items.filter { item in
                if case .disputed = ledger.outcome(of: item.report.id) { true } else { false }
            } : items
        func isSkipped(_ item: ReviewItem) -> Bool {
            ledger.judgement(of: item.report.id, by: annotator, settles: settles).verdict == .skipped
        }
        self.items = shown.filter { !isSkipped($0) } + shown.filter(isSkipped)
        (self.labels, self.annotator, self.settles, self.ledger) = (labels, annotator, settles, ledger)
        positions = Dictionary(self.items.enumerated().map { ($1.report.id, $0) }) { first, _ in first }
        pending = Set(
            self.items.indices.filter { [items = self.items] in
                !ledger.judgement(of: items[$0].report.id, by: annotator, settles: settles).verdict
                    .isDecision
            })
        position = pending.min() ?? self.items.indices.first
    }

    /// The report that is shown, or nil if there is none.
    public var item: ReviewItem? { position.map { items[$0] } }

    /// The annotator's judgement of a report.
    ///
    /// - Parameter index: The position of the report.
    /// - Returns: The judgement, which is open if there is none.
    public func judgement(_ index: Int) -> Judgement {
        ledger.judgement(of: items[index].report.id, by: annotator, settles: settles)
    }

    /// The number of reports that the annotator has decided or skipped.
    public var done: Int { items.count - pending.count }

    /// The positions of the reports that are still to be decided, in the order in which they are shown.
    public var open: [Int] { pending.sorted() }

    /// Whether nothing is left to decide.
    public var isFinished: Bool { pending.isEmpty }

    /// The commands that work now, all of which the screen shows.
    public var commands: [Command] {
        switch mode {
        case .note: return Command.typing("saves the note", "drops it")
        case .search: return Command.typing("finds the next", "cancels")
        case .deciding:
            guard let item else { return Command.common.filter { $0.action == .quit } }
            let confirm =
                item.proposal.map { [Command([.enter], "Enter", "confirms \($0)", .confirm)] } ?? []
            return confirm + Command.labels(labels) + Command.common
        }
    }

    /// The position of a report, or nil if it is not shown.
    func position(of id: FeedbackID) -> Int? { positions[id] }
}
