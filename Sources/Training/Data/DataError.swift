/// A reason why tweets or their labels cannot be used.
///
/// Every description starts with the path and, where one is known, the line.
public enum DataError: Error, Equatable {
    /// The file cannot be opened or read.
    case unreadable(path: String, reason: String)
    /// The record or line does not have the format of its file.
    case malformed(path: String, line: Int, reason: String)
    /// A CSV file has neither the column of the text nor the format of Sentiment140.
    ///
    /// `canBeLines` says whether the user can have each line read as one text.
    case noTextColumn(path: String, name: String, columns: [String], canBeLines: Bool)
    /// A CSV file does not have the column of the label that the user has named.
    case noLabelColumn(path: String, name: String, columns: [String])
    /// An object of JSON Lines does not have the key of the text, or the key of the label that the user has named.
    case missingKey(path: String, line: Int, name: String, keys: [String])
    /// The data ends before its first tweet.
    case noTweets(path: String)
    /// A tweet has no label, but the task needs one.
    case missingLabel(path: String, line: Int)
    /// A label is not among the labels of the model.
    case unknownLabel(path: String, line: Int, label: String, known: [String])
}

extension DataError: CustomStringConvertible {
    /// The message for the user: where the problem is, what it is, and what was expected.
    public var description: String {
        switch self {
        case .unreadable(let path, let reason):
            "\(path): cannot be read: \(reason)."
        case .malformed(let path, let line, let reason):
            "\(path):\(line): \(reason)."
        case .noTextColumn(let path, let name, let columns, let canBeLines):
            "\(path):1: the header has no column named '\(name)'; its columns are \(quoted(columns)). "
                + "Name the column of the texts with '--text-column'. "
                + (canBeLines ? "If each line is one text, use '--lines'. " : "")
                + "A file without a header must have the six columns of Sentiment140, the first of them 0, 2 or 4."
        case .noLabelColumn(let path, let name, let columns):
            "\(path):1: the header has no column named '\(name)'; its columns are \(quoted(columns)). "
                + "Name the column of the labels with '--label-column'."
        case .missingKey(let path, let line, let name, let keys):
            "\(path):\(line): the object has no key named '\(name)'; "
                + (keys.isEmpty ? "it is empty." : "its keys are \(quoted(keys)).")
        case .noTweets(let path):
            "\(path): no tweets found."
        case .missingLabel(let path, let line):
            "\(path):\(line): this tweet has no label; add a column or key named 'label' to the data, "
                + "or name the one that has the labels with '--label-column'."
        case .unknownLabel(let path, let line, let label, let known):
            "\(path):\(line): the model does not know the label '\(short(label))'; its labels are \(quoted(known)). "
                + "If it is another name of one of them, give '--map \(short(label))=NAME'."
        }
    }

    /// The names in quotes; only the first ones if there are many.
    private func quoted(_ names: [String]) -> String {
        let shown = names.prefix(20).map { "'\(short($0))'" }.joined(separator: ", ")
        return names.count > 20 ? "\(shown) and \(names.count - 20) more" : shown
    }

    /// A text of the data, which is cut if it is long.
    private func short(_ text: String) -> String {
        text.unicodeScalars.count > 80 ? "\(String(text.unicodeScalars.prefix(80)))…" : text
    }
}
