public import Feedback
import Foundation

extension Session {
    /// The longest note and the longest term, in characters.
    static let longestText = 500

    /// Handles a key.
    ///
    /// - Parameters:
    ///   - key: The key.
    ///   - time: The time of the decision.
    /// - Returns: What the caller does.
    public mutating func press(_ key: Key, at time: FeedbackTime) -> Effect {
        message = ""
        guard let command = commands.first(where: { $0.keys.contains(key) }) else { return type(key) }
        return mode == .deciding
            ? perform(command.action, at: time) : press(typing: command.action, time)
    }

    /// Does what a command does.
    ///
    /// - Parameters:
    ///   - action: The action of a command.
    ///   - time: The time of the decision.
    /// - Returns: What the caller does.
    mutating func perform(_ action: Command.Action, at time: FeedbackTime) -> Effect {
        message = ""
        switch action {
        case .label(let label): return labels.contains(label) ? decide(.label(label), time) : .none
        case .confirm: return item?.proposal.map { decide(.label($0), time) } ?? .none
        case .skip: return decide(.skipped, time)
        case .reject: return decide(.rejected, time)
        case .undo: return undo(time)
        case .note: mode = .note(position.map { judgement($0).note } ?? "")
        case .search: mode = .search("")
        case .previous: move(by: -1)
        case .next: move(by: 1)
        case .scrollUp: scroll = max(0, scroll - 1)
        case .scrollDown: scroll += 1
        case .quit: return .quit(nil)
        case .save, .drop, .erase: break
        }
        return .none
    }

    /// Ends as Ctrl-C does, for example because the terminal is gone.
    ///
    /// - Parameter time: The time of the end.
    /// - Returns: What the caller does.
    public mutating func interrupt(at time: FeedbackTime) -> Effect { press(.interrupt, at: time) }

    /// Says why the last key had no effect.
    ///
    /// - Parameter reason: The reason, in sentences.
    public mutating func refuse(_ reason: String) { message = reason }

    /// Goes back to the last line with which the text can begin on the screen.
    ///
    /// - Parameter line: The line, as the screen states it.
    public mutating func limitScroll(to line: Int) { scroll = min(scroll, line) }

    // MARK: - Typing

    private mutating func press(typing action: Command.Action, _ time: FeedbackTime) -> Effect {
        switch (action, mode) {
        case (.erase, .note(let text)): mode = .note(String(text.dropLast()))
        case (.erase, .search(let text)): mode = .search(String(text.dropLast()))
        case (.save, .note(let text)): return note(text, at: time)
        case (.save, .search(let text)): return find(text)
        case (.quit, .note(let text)): return .quit(save(text, time))
        case (.quit, _): return .quit(nil)
        default: mode = .deciding
        }
        return .none
    }

    private mutating func type(_ key: Key) -> Effect {
        let text: String
        switch (key, mode) {
        case (.paste, .deciding):
            message =
                "A text was pasted, but no text is expected here. Press n for a note or / to search."
            return .none
        case (_, .deciding):
            message = "This key does nothing here. The keys are below."
            return .none
        case (.character(let character), _): text = String(character)
        case (.paste(let pasted), _): text = pasted.replacing(/[\r\n\t]+/, with: " ")
        default: return .none
        }
        switch mode {
        case .note(let old): mode = .note(String((old + text).prefix(Self.longestText)))
        case .search(let old): mode = .search(String((old + text).prefix(Self.longestText)))
        case .deciding: break
        }
        return .none
    }

    private mutating func save(_ text: String, _ time: FeedbackTime) -> JournalEntry? {
        mode = .deciding
        guard let position else { return nil }
        var judgement = judgement(position)
        guard judgement.note != text else { return nil }
        judgement.note = text
        message = text.isEmpty ? "The note was removed." : "The note was saved."
        return entry(position, judgement, time)
    }

    /// Keeps a note about the report that is shown.
    ///
    /// - Parameters:
    ///   - text: The note.
    ///   - time: The time of the note.
    /// - Returns: What the caller does.
    mutating func note(_ text: String, at time: FeedbackTime) -> Effect {
        save(String(text.prefix(Self.longestText)), time).map(Effect.record) ?? .none
    }

    /// Goes to the next report that contains a text.
    ///
    /// - Parameter text: The text; if it is empty, the one of the last search.
    /// - Returns: What the caller does.
    mutating func find(_ text: String) -> Effect {
        mode = .deciding
        message = ""
        let term = text.isEmpty ? lastSearch : text
        guard !term.isEmpty, let position else { return .none }
        lastSearch = term
        let order = (1...items.count).map { (position + $0) % items.count }
        let found = order.first { items[$0].text.range(of: term, options: .caseInsensitive) != nil }
        guard let found else {
            message = "No report contains '\(term)'."
            return .none
        }
        show(found)
        message = "This report contains '\(term)'. Press / and Enter for the next one."
        return .none
    }

    // MARK: - Deciding

    private mutating func decide(_ verdict: Verdict, _ time: FeedbackTime) -> Effect {
        guard let position else { return .none }
        let note = judgement(position).note
        let entry = entry(position, Judgement(verdict, note: note), time)
        pending.remove(position)
        switch verdict {
        case .label(let label): message = "The last report is now \(label). Press u to undo."
        case .skipped: message = "The last report was skipped. Press u to undo."
        case .rejected: message = "The last report was rejected: it is no example. Press u to undo."
        case .open: break
        }
        if let next = pending.filter({ $0 > position }).min() ?? pending.min() {
            show(next)
        } else {
            message += " Nothing is left to decide."
        }
        return .record(entry)
    }

    private mutating func undo(_ time: FeedbackTime) -> Effect {
        guard let entry = ledger.undo(by: annotator, at: time, settles: settles) else {
            message = "There is nothing to undo."
            return .none
        }
        guard let position = position(of: entry.report.id) else {
            message = "The last decision is about a report that is not among these."
            return .none
        }
        ledger.add(.entry(entry))
        if !judgement(position).verdict.isDecision { pending.insert(position) }
        show(position)
        message = "The last decision was taken back."
        return .record(entry)
    }

    private mutating func entry(_ position: Int, _ judgement: Judgement, _ time: FeedbackTime)
        -> JournalEntry
    {
        let entry = JournalEntry(
            items[position].report, annotator: annotator, time: time, judgement, settles: settles)
        ledger.add(.entry(entry))
        return entry
    }

    // MARK: - Moving

    private mutating func move(by step: Int) {
        guard let position else { return }
        guard items.indices.contains(position + step) else {
            message = step < 0 ? "This is the first report." : "This is the last report."
            return
        }
        show(position + step)
    }

    /// Shows a report, if it is among these.
    ///
    /// - Parameter id: The report.
    mutating func show(_ id: FeedbackID) {
        if let index = position(of: id), index != position { show(index) }
    }

    private mutating func show(_ index: Int) { (position, scroll) = (index, 0) }
}
