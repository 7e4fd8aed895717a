/// The names of the CSV columns, or of the JSON keys, that tweets are read from.
public struct TweetColumns: Equatable, Sendable {
    /// The column of the text.
    ///
    /// Nil takes the column `text`, or the last column of Sentiment140.
    public var text: String?
    /// The column of the label, which must be there.
    ///
    /// Nil takes the column `label` if there is one, or the first column of Sentiment140.
    public var label: String?

    /// Creates names of columns.
    ///
    /// - Parameters:
    ///   - text: The column of the text. Nil takes the default.
    ///   - label: The column of the label. Nil takes the default.
    public init(text: String? = nil, label: String? = nil) {
        self.text = text
        self.label = label
    }

    /// The name of the column of the text.
    var textName: String { text ?? "text" }
    /// The name of the column of the label.
    var labelName: String { label ?? "label" }
}
