/// The result of comparing one measurement with one limit.
public struct Finding: Sendable, Codable {
    /// The outcome of a comparison.
    public enum Status: String, Sendable, Codable {
        /// The measurement is within the limit.
        case pass
        /// The measurement exceeds a limit that does not fail the check, or there is none to compare with such a limit.
        case warning
        /// The measurement exceeds a hard limit, or it would be a warning and the check is strict.
        case violation
        /// There is a hard limit, but no measurement to compare with it.
        case unmeasured
    }

    /// The name of the target, or `baseline` for a comparison with an earlier report.
    public var target: String
    /// The metric that was compared.
    public var metric: Metric
    /// The outcome.
    public var status: Status
    /// The measurement as text, or `-` if there is none.
    public var measured: String
    /// The limit as text.
    public var limit: String
    /// The measurement in bytes or seconds, if it is a number.
    public var value: Double?
    /// The largest allowed number of bytes or seconds, if the limit is a number.
    public var max: Double?
    /// The measured values, if the measurement is not a number.
    public var values: [String]?
    /// The only values that are allowed.
    public var allowed: [String]?
    /// The values that are not allowed.
    public var forbidden: [String]?
    /// The values of which one must be there.
    public var required: [String]?
    /// The share of the limit that is used, where 1 is all of it; nil for a metric that is not a number.
    public var used: Double?
    /// The outcome in one or several sentences.
    public var message: String
    /// A next step that would help, as sentences.
    public var suggestion: String?
    /// The source of the limit.
    public var source: String
    /// How reliable the source is: A, B or C.
    public var confidence: String

    /// The keys of the JSON form, which baselines of users contain.
    private enum CodingKeys: String, CodingKey {
        case target
        case metric = "measure"
        case status, measured, limit, value, max, values, allowed, forbidden, required, used, message, suggestion,
            source,
            confidence
    }

    /// The message, followed by the suggestion if there is one.
    var fullMessage: String { ([message] + (suggestion.map { [$0] } ?? [])).joined(separator: " ") }
}
