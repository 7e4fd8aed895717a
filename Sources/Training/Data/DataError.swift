/// A reason why tweets or their labels cannot be used.
///
/// Every description starts with the path and, where one is known, the line.
public enum DataError: Error, Equatable {
    /// The file cannot be opened or read.
    case unreadable(path: String, reason: String)
    /// The record or line does not have the format of its file.
    case malformed(path: String, line: Int, reason: String)
    /// A CSV file has neither a column named `text` nor the format of Sentiment140.
    case noTextColumn(path: String, columns: [String])
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
        case .noTextColumn(let path, let columns):
            "\(path):1: the header has no column named 'text'; its columns are \(quoted(columns)). "
                + "A file without a header must have the six columns of Sentiment140, the first of them 0, 2 or 4."
        case .noTweets(let path):
            "\(path): no tweets found."
        case .missingLabel(let path, let line):
            "\(path):\(line): this tweet has no label; add a column or key named 'label' to the data."
        case .unknownLabel(let path, let line, let label, let known):
            "\(path):\(line): the model does not know the label '\(label)'; its labels are \(quoted(known))."
        }
    }

    private func quoted(_ names: [String]) -> String {
        names.map { "'\($0)'" }.joined(separator: ", ")
    }
}
