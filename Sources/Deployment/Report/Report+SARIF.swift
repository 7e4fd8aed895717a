import Foundation

extension Report {
    /// Returns the problems as a SARIF log for code scanning, with one rule for each limit that has a problem.
    ///
    /// Source: OASIS SARIF 2.1.0.
    ///
    /// - Parameter version: The version of pinson.
    /// - Returns: The JSON text.
    /// - Throws: `EncodingError`, which does not happen with these types.
    public func sarif(version: String) throws -> String {
        var rules: [Rule] = []
        for finding in problems where !rules.contains(where: { $0.id == ruleID(finding) }) {
            rules.append(
                Rule(
                    id: ruleID(finding),
                    shortDescription: Message(text: "\(finding.metric.rawValue) on \(finding.target)"),
                    help: Message(text: "Limit: \(finding.limit). Source: \(finding.source).")))
        }
        let driver = Run.Driver(name: "pinson", semanticVersion: version, rules: rules)
        return try JSONText.encode(Log(runs: [Run(tool: .init(driver: driver), results: problems.map { result($0) })]))
    }

    private func result(_ finding: Finding) -> Result {
        Result(
            ruleId: ruleID(finding), level: finding.status == .warning ? "warning" : "error",
            message: Message(text: finding.fullMessage),
            locations: [
                Location(physicalLocation: .init(artifactLocation: .init(uri: uri), region: .init(startLine: 1)))
            ])
    }

    private func ruleID(_ finding: Finding) -> String { "\(finding.target)/\(finding.metric.rawValue)" }

    /// The subject as a reference relative to the repository, percent-encoded where a URI requires it.
    private var uri: String {
        measurements.subject.addingPercentEncoding(withAllowedCharacters: .urlPathAllowed) ?? "image"
    }

    // MARK: - The parts of SARIF that are used

    private struct Message: Encodable { var text: String }

    private struct Log: Encodable {
        var schema = "https://json.schemastore.org/sarif-2.1.0.json"
        var version = "2.1.0"
        var runs: [Run]

        enum CodingKeys: String, CodingKey {
            case schema = "$schema"
            case version, runs
        }
    }

    private struct Run: Encodable {
        struct Tool: Encodable { var driver: Driver }
        struct Driver: Encodable {
            var name: String
            var semanticVersion: String
            var rules: [Rule]
        }
        var tool: Tool
        var results: [Result]
    }

    private struct Rule: Encodable {
        var id: String
        var shortDescription: Message
        var help: Message
    }

    private struct Result: Encodable {
        var ruleId: String
        var level: String
        var message: Message
        var locations: [Location]
    }

    private struct Location: Encodable {
        struct Physical: Encodable {
            struct Artifact: Encodable { var uri: String }
            struct Region: Encodable { var startLine: Int }
            var artifactLocation: Artifact
            var region: Region
        }
        var physicalLocation: Physical
    }
}
