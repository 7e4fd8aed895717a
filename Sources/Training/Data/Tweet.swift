/// A text, with its label if the data has one.
public struct Tweet: Equatable, Sendable {
    /// One column of a CSV record, or one member of a JSON object.
    public struct Field: Equatable, Sendable {
        /// The content of a field.
        public enum Value: Equatable, Sendable {
            /// A text.
            case text(String)
            /// A JSON value, in UTF-8 as it is written in the data.
            case json([UInt8])
        }

        /// The name of the column, or the key.
        public var name: String
        /// The content.
        public var value: Value

        /// Creates a field.
        public init(name: String, value: Value) {
            self.name = name
            self.value = value
        }
    }

    /// The text as it is written in the data, not cleaned.
    public var text: String
    /// The true label, or nil if the data has none.
    public var label: String?
    /// The line of the data on which the tweet starts, counted from 1.
    public var line: Int
    /// The whole row, in the order of the data, with the text and the label.
    ///
    /// Empty if the reader of the tweet does not keep it.
    public var fields: [Field]
    /// Whether the row is not UTF-8, so that it was read as Latin-1.
    public var isLatin1: Bool

    /// Creates a tweet.
    public init(
        text: String, label: String? = nil, line: Int = 1, fields: [Field] = [], isLatin1: Bool = false
    ) {
        self.isLatin1 = isLatin1
        self.text = text
        self.label = label
        self.line = line
        self.fields = fields
    }
}
