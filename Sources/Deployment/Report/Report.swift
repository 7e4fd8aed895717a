/// The measurements of one image or model, and all findings about them.
public struct Report: Sendable, Codable {
    /// The version of the JSON form; it increases when an earlier reader could not read a report correctly.
    public var schema = 1
    /// The measurements that the findings concern.
    public var measurements: Measurements
    /// The findings, grouped by target.
    public var findings: [Finding]

    /// The keys of the JSON form, which baselines of users contain.
    private enum CodingKeys: String, CodingKey {
        case schema
        case measurements = "measurement"
        case findings
    }

    /// The most severe status of all findings: violation, then unmeasured, then warning, then pass.
    public var status: Finding.Status {
        for status in [Finding.Status.violation, .unmeasured, .warning]
        where findings.contains(where: { $0.status == status }) {
            return status
        }
        return .pass
    }

    /// The findings that need attention.
    var problems: [Finding] { findings.filter { $0.status != .pass } }
}
