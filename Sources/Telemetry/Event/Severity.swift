/// The importance of a message, in Google Cloud's terms.
public enum Severity: String, Sendable, CaseIterable, Comparable {
    /// Something for those who look for an error.
    case debug = "DEBUG"
    /// Something that happens all the time.
    case info = "INFO"
    /// Something that happens rarely, and is as it should be.
    case notice = "NOTICE"
    /// Something that may become a problem.
    case warning = "WARNING"
    /// Something that has failed.
    case error = "ERROR"
    /// Something that stops the function, or whose result is lost.
    case critical = "CRITICAL"

    /// Whether one severity is lower than the other.
    ///
    /// - Parameters:
    ///   - a: One severity.
    ///   - b: The other severity.
    /// - Returns: Whether the first one is lower.
    public static func < (a: Severity, b: Severity) -> Bool { a.number < b.number }

    /// The number of the severity in OpenTelemetry.
    ///
    /// - Source: OpenTelemetry, "Logs Data Model", field `SeverityNumber`.
    var number: Int {
        switch self {
        case .debug: 5
        case .info: 9
        case .notice: 10
        case .warning: 13
        case .error: 17
        case .critical: 21
        }
    }

    /// The level of the severity in Application Insights, from 0 for verbose to 4 for critical.
    var level: Int {
        switch self {
        case .debug: 0
        case .info, .notice: 1
        case .warning: 2
        case .error: 3
        case .critical: 4
        }
    }
}
