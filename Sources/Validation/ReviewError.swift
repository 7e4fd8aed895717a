/// Why reports cannot be validated, and what to do next.
public struct ReviewError: Error, Equatable, CustomStringConvertible {
    /// The file, and the line where one is known.
    public let place: String
    /// What is wrong there: what was found, and what was expected.
    public let reason: String
    /// What to do next.
    public let advice: String

    /// Describes a problem.
    ///
    /// - Parameters:
    ///   - place: The file, and the line where one is known.
    ///   - reason: What is wrong there, without a full stop.
    ///   - advice: What to do next, as sentences.
    public init(_ place: String, _ reason: String, _ advice: String) {
        (self.place, self.reason, self.advice) = (place, reason, advice)
    }

    /// The place, the problem and the next step.
    public var description: String { "\(place): \(reason). \(advice)" }
}
