/// A report of a user whose label a person has confirmed or corrected.
public struct ValidatedReport: Equatable, Sendable {
    /// The identifier of the report.
    public var id: String
    /// The text as the user has typed it.
    public var text: String
    /// The label that the person has given it.
    public var label: String
    /// The time of the report, as RFC 3339 has it, or an empty text if it is not known.
    public var time: String

    /// Creates a report.
    ///
    /// - Parameters:
    ///   - id: The identifier.
    ///   - text: The text.
    ///   - label: The label that a person has given it.
    ///   - time: The time, as RFC 3339 has it.
    public init(id: String, text: String, label: String, time: String = "") {
        self.id = id
        self.text = text
        self.label = label
        self.time = time
    }
}
