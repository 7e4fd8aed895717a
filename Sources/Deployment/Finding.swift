/// What one limit says about one measurement.
public struct Finding: Sendable, Codable {
    public enum Status: String, Sendable, Codable {
        case pass
        /// Beyond a limit that fails nobody's build.
        case warning
        case violation
        /// There is a limit, and nothing to hold against it.
        case unmeasured
    }

    public var target: String
    public var measure: Measure
    public var status: Status
    /// As text, exact.
    public var measured: String
    public var limit: String
    /// How much of the limit is used, for a bar; nil where nothing can be used up.
    public var used: Double?
    /// The whole story in one or two sentences.
    public var message: String
    /// One thing that would help.
    public var suggestion: String?
    public var source: String
    public var confidence: String
}

/// All findings about one measurement.
public struct Report: Sendable, Codable {
    /// Of this form; a new number when a reader of the old would stumble.
    public var schema = 1
    public var measurement: Measured
    public var findings: [Finding]

    /// The worst there is.
    public var status: Finding.Status {
        for status in [Finding.Status.violation, .unmeasured, .warning]
        where findings.contains(where: { $0.status == status }) {
            return status
        }
        return .pass
    }
}
