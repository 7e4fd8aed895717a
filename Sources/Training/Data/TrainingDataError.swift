/// The reason why texts cannot be learned from.
public enum TrainingDataError: Error, Equatable, CustomStringConvertible {
    /// All texts have the same label.
    case oneClass(path: String, label: String)
    /// A class has too few texts to learn from some and to measure on others.
    case tooFewTexts(path: String, label: String, count: Int)

    /// The message for the user: where the problem is, what it is, and what was expected.
    public var description: String {
        switch self {
        case .oneClass(let path, let label):
            "\(path): all texts have the label '\(label)'. A classifier needs texts of at least two labels."
        case .tooFewTexts(let path, let label, let count):
            "\(path): the label '\(label)' has \(count) texts, expected at least 2 to learn from and 2 to measure on. "
                + "Add texts, leave the label out, or give texts to measure on with --validation."
        }
    }
}
