/// A text, with its label where the data has one.
public struct Tweet: Equatable, Sendable {
    public var text: String
    public var label: String?
    /// The line of the data on which it starts, from 1.
    public var line: Int

    public init(text: String, label: String? = nil, line: Int = 1) {
        self.text = text
        self.label = label
        self.line = line
    }
}

/// Why tweets cannot be read.
///
/// Each case names the file and the line.
public enum DataError: Error, Equatable {
    case unreadable(path: String, reason: String)
    case malformed(path: String, line: Int, reason: String)
    case noTextColumn(path: String, columns: [String])
    case noTweets(path: String)
    case missingLabel(path: String, line: Int)
    case unknownLabel(path: String, line: Int, label: String, known: [String])
}

extension DataError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .unreadable(let path, let reason):
            "\(path): cannot be read: \(reason)."
        case .malformed(let path, let line, let reason):
            "\(path):\(line): \(reason)."
        case .noTextColumn(let path, let columns):
            "\(path):1: the header has the columns \(columns.map { "'\($0)'" }.joined(separator: ", ")), expected one named 'text'. "
                + "Without a header, six columns are read as Sentiment140's."
        case .noTweets(let path):
            "\(path): has no tweets."
        case .missingLabel(let path, let line):
            "\(path):\(line): has no label; expected a column or key named 'label'."
        case .unknownLabel(let path, let line, let label, let known):
            "\(path):\(line): has the label '\(label)', the model knows \(known.map { "'\($0)'" }.joined(separator: ", "))."
        }
    }
}
