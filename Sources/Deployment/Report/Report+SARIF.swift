import Foundation

extension Report {
    /// Results for code scanning: everything that is not right, each under a rule of its own.
    ///
    /// - Source: OASIS SARIF 2.1.0.
    public func sarif(version: String) throws -> String {
        let wrong = findings.filter { $0.status != .pass }
        var rules: [Rule] = []
        for finding in wrong where !rules.contains(where: { $0.id == ruleID(finding) }) {
            rules.append(
                Rule(
                    id: ruleID(finding),
                    shortDescription: Message(text: "\(finding.measure.rawValue) on \(finding.target)"),
                    help: Message(text: "Limit: \(finding.limit). Source: \(finding.source).")))
        }
        let results = wrong.map { finding in
            Result(
                ruleId: ruleID(finding), level: finding.status == .warning ? "warning" : "error",
                message: Message(text: finding.message + (finding.suggestion.map { " \($0)" } ?? "")),
                locations: [
                    Location(physicalLocation: .init(artifactLocation: .init(uri: uri), region: .init(startLine: 1)))
                ])
        }
        let log = Log(
            runs: [
                Run(
                    tool: .init(driver: .init(name: "pinson", semanticVersion: version, rules: rules)), results: results
                )
            ])
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(log), as: UTF8.self)
    }

    private func ruleID(_ finding: Finding) -> String { "\(finding.target)/\(finding.measure.rawValue)" }

    /// A path as a reference relative to the repository; anything else percent-encoded.
    private var uri: String {
        measurement.subject.addingPercentEncoding(withAllowedCharacters: .urlPathAllowed) ?? "image"
    }

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
