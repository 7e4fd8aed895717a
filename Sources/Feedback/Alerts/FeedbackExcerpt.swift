/// What an alert says about a report.
public struct FeedbackExcerpt: Equatable, Sendable {
    /// When the report arrived.
    public let time: FeedbackTime
    /// The beginning of the text, or its hash.
    public let text: String
    /// The number of characters of the text, or nil if only its hash is kept.
    public let length: Int?
    /// The label that the model gave.
    public let predicted: String
    /// The label that the user expects, or nil if the user did not name one.
    public let expected: String?
    /// The score that the client saw.
    public let score: Double
    /// The name of the model.
    public let model: String

    /// The number of characters of a text that are kept.
    public static let longestText = 500

    /// Takes what is needed from a report.
    ///
    /// - Parameter record: The report.
    public init(_ record: FeedbackRecord) {
        (time, score) = (record.time, record.score)
        switch record.content {
        case .text(let text):
            self.text = Self.shortened(text)
            length = text.unicodeScalars.count
        case .hash(let digits):
            text = digits
            length = nil
        }
        predicted = Self.shortened(record.predicted)
        expected = record.expected.map(Self.shortened)
        model = record.model
    }

    /// The first scalars of a text; a character can have any number of scalars.
    private static func shortened(_ text: String) -> String {
        guard text.utf8.count > longestText else { return text }
        return String(String.UnicodeScalarView(text.unicodeScalars.prefix(longestText)))
    }
}
