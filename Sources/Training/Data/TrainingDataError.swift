/// The reason why texts cannot be learned from.
public enum TrainingDataError: Error, Equatable, CustomStringConvertible {
    /// All texts have the same label.
    case oneClass(path: String, label: String)
    /// A label has a line break or another control character.
    case controlCharacter(path: String, line: Int, label: String)
    /// A class has too few texts to learn from some and to measure on others.
    case tooFewTexts(path: String, label: String, count: Int)

    /// The message for the user: where the problem is, what it is, and what was expected.
    public var description: String {
        switch self {
        case .oneClass(let path, let label):
            "\(path): all texts have the label '\(label)'. A classifier needs texts of at least two labels."
        case .controlCharacter(let path, let line, let label):
            "\(path):\(line): the label '\(shown(label))' has a line break or another control character, which the answers of a model "
                + "cannot have. Correct the data, or give the label another name with --map."
        case .tooFewTexts(let path, let label, let count):
            "\(path): the label '\(label)' has \(count == 1 ? "1 text" : "\(count) texts"), expected at least 2 to learn from and 2 to measure on. "
                + "Add texts, leave the label out, or give texts to measure on with --validation."
        }
    }

    /// The label with spaces in place of control characters.
    private func shown(_ label: String) -> String {
        let scalars = label.unicodeScalars.map { $0.properties.generalCategory == .control ? " " : $0 }
        return String(String.UnicodeScalarView(scalars))
    }
}
