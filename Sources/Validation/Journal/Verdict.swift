/// What an annotator says about a report.
public enum Verdict: Hashable, Sendable {
    /// The right label of the text.
    case label(String)
    /// The annotator does not know, or decides later.
    case skipped
    /// The text is no example of any label, such as spam or personal data.
    case rejected
    /// The annotator has not decided, or has taken the decision back.
    case open

    /// Whether it says something about the text: a label, or that the text is no example.
    public var isDecision: Bool {
        switch self {
        case .label, .rejected: true
        case .skipped, .open: false
        }
    }

    /// The label, or nil.
    public var label: String? { if case .label(let label) = self { label } else { nil } }
}

/// A verdict and what the annotator has noted beside it.
public struct Judgement: Equatable, Sendable {
    /// The verdict.
    public var verdict: Verdict
    /// The note, which may be empty.
    public var note: String

    /// Creates a judgement.
    ///
    /// - Parameters:
    ///   - verdict: The verdict.
    ///   - note: The note.
    public init(_ verdict: Verdict = .open, note: String = "") {
        (self.verdict, self.note) = (verdict, note)
    }
}
