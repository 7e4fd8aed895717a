/// A text, with its label if the data has one.
public struct Tweet: Equatable, Sendable {
    /// The text as it is written in the data, not cleaned.
    public var text: String
    /// The true label, or nil if the data has none.
    public var label: String?
    /// The line of the data on which the tweet starts, counted from 1.
    public var line: Int

    /// Creates a tweet.
    public init(text: String, label: String? = nil, line: Int = 1) {
        self.text = text
        self.label = label
        self.line = line
    }
}
