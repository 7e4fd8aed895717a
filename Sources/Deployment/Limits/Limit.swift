/// A limit that a target sets on one metric, and the source of that knowledge.
///
/// A limit has exactly one of `max`, `allowed`, `forbidden` and `required`.
public struct Limit: Codable, Sendable {
    /// The metric that the limit concerns.
    public var metric: Metric
    /// The largest allowed number of bytes or seconds.
    public var max: Double?
    /// The only values that are allowed.
    public var allowed: [String]?
    /// The values that are not allowed.
    public var forbidden: [String]?
    /// The values of which one must be there.
    public var required: [String]?
    /// Whether the limit fails a check.
    public var enforced: Enforcement
    /// How reliable the source is.
    ///
    /// A is the platform's own text, B is a dated quotation of it, C is an old or second-hand source.
    public var confidence: String
    /// The date of the source.
    public var asOf: String
    /// The page or document that states the limit.
    public var source: String
    /// What the limit means and what happens when it is exceeded, as sentences.
    public var note: String

    /// What a limit that is exceeded does to a check.
    public enum Enforcement: String, Codable, Sendable {
        /// The platform refuses what exceeds the limit, so the check fails.
        case hard
        /// Exceeding the limit costs money, or the limit is not certain; the check only warns.
        case advice
    }

    /// The keys of the JSON form, which limits files of users contain.
    private enum CodingKeys: String, CodingKey {
        case metric = "of"
        case max, allowed, forbidden, required, enforced, confidence, asOf, source, note
    }
}

extension Limit: CustomStringConvertible {
    /// The limit in words, such as `at most 512 MiB` or `must not be root`.
    public var description: String {
        if let max { return "at most \(MetricFormat.limit(max, metric))" }
        if let allowed { return "must be \(allowed.joined(separator: " or "))" }
        if let required { return "must have \(required.joined(separator: " or "))" }
        let forbidden = (forbidden ?? []).joined(separator: " or ")
        return metric == .probePath ? "must not end in \(forbidden)" : "must not be \(forbidden)"
    }

    /// Whether the limit forbids a value.
    ///
    /// Of a probe path, only the end counts.
    func forbids(_ value: String) -> Bool {
        if let allowed { return !allowed.contains(value) }
        return (forbidden ?? []).contains { metric == .probePath ? value.hasSuffix($0) : value == $0 }
    }
}

extension Limit {
    /// Checks the rules that the JSON form alone does not enforce.
    ///
    /// - Parameter place: The file and the target that contain the limit, for errors.
    /// - Throws: `DeploymentError` if the limit contradicts itself.
    func validate(in place: String) throws(DeploymentError) {
        guard [max != nil, allowed != nil, forbidden != nil, required != nil].count(where: { $0 }) == 1 else {
            throw DeploymentError(
                what: place,
                reason:
                    "the limit for '\(metric.rawValue)' must have exactly one of max, allowed, forbidden and required",
                advice: "Set one of them and remove the others.")
        }
        // Numbers below 2^60 convert to Int64 and back without a trap.
        if let max, !(max.isFinite && max > 0 && max < 0x1p60) {
            throw DeploymentError(
                what: place, reason: "\(max) is not a valid maximum for '\(metric.rawValue)'",
                advice: "Use a number of bytes or seconds that is greater than 0 and less than 2^60.")
        }
        guard enforced == .advice || ["A", "B"].contains(confidence) else {
            throw DeploymentError(
                what: place, reason: "the limit for '\(metric.rawValue)' is hard, but has confidence \(confidence)",
                advice: "Only limits with confidence A or B can be hard; set enforced to advice.")
        }
    }
}
