import CloudRunFiles
import Fixtures
import Foundation
import Testing

@testable import Deployment

/// The dashboards, alert rules and queries in `cloudrun/monitoring`.
@Suite struct MonitoringTests {
    private static let folder = Workplace.repository.appendingPathComponent("cloudrun/monitoring")

    private func source(_ name: String) throws -> String {
        try String(contentsOf: Self.folder.appendingPathComponent(name), encoding: .utf8)
    }

    /// A query without its comments.
    private func query(_ name: String) throws -> String {
        try source(name).split(separator: "\n").filter { !$0.hasPrefix("//") }.joined(separator: "\n")
    }

    /// All strings under a key, anywhere in a JSON document.
    private func strings(_ key: String, in value: Any) -> [String] {
        switch value {
        case let fields as [String: Any]:
            fields.flatMap { name, value in
                (name == key ? [value as? String].compactMap(\.self) : []) + strings(key, in: value)
            }
        case let items as [Any]: items.flatMap { strings(key, in: $0) }
        default: []
        }
    }

    private func json(_ text: String) throws -> Any { try JSONSerialization.jsonObject(with: Data(text.utf8)) }

    @Test("Each platform gets the files of its own monitoring, which render and parse")
    func everyFileRenders() throws {
        var names: Set<String> = []
        for template in DeployTemplate.all {
            #expect(!template.monitoring.isEmpty, "\(template.name)")
            names.formUnion(template.monitoring)
        }
        for name in names {
            let text = try Template(try #require(CloudRunFiles.template(name), "\(name)"), named: name).render([:])
            try RenderedTemplate(text, named: name).validate()
            if !text.contains("${") { #expect(try text == source(name) || name.hasSuffix(".json"), "\(name)") }
        }
        #expect(names.count == 9)
        let rules = try #require(CloudRunFiles.template("prometheus-rules.yaml"))
        #expect(try Template(rules, named: "prometheus-rules.yaml").render([:]) == rules)
    }

    @Test("The queries in the alert rules and the workbook of Azure are those of the files")
    func azureQueries() throws {
        let alerts = try strings("query", in: json(source("azure-alerts.json")))
        #expect(try alerts.contains(query("wrong-answers.kql")) && alerts.count == 3)
        let workbook = try #require(strings("serializedData", in: json(source("azure-workbook.json"))).first)
        let items = try strings("query", in: json(workbook))
        #expect(
            try Set(items) == Set(["mistakes.kql", "labels.kql", "latency.kql", "drift.kql"].map(query)))
    }

    /// Events that a window of five minutes holds are all in one of the windows that the rule looks at.
    @Test("The rule of Azure about wrong answers leaves no hole between its windows")
    func noTumblingWindow() throws {
        let document = try #require(json(source("azure-alerts.json")) as? [String: Any])
        let resources = try #require(document["resources"] as? [[String: Any]])
        let rule = try #require(resources.first { ($0["name"] as? String)?.hasSuffix("wrong-answers") == true })
        let properties = try #require(rule["properties"] as? [String: Any])
        func minutes(_ key: String) throws -> Int {
            let text = try #require(properties[key] as? String)
            return try #require(Int(text.dropFirst(2).dropLast()))
        }
        let (frequency, window) = (try minutes("evaluationFrequency"), try minutes("windowSize"))
        #expect(window >= frequency + 5)
        for first in 0..<60 {
            for span in 0...5 {
                let looks = stride(from: frequency, through: 180, by: frequency)
                #expect(looks.contains { $0 - window <= first && first + span <= $0 }, "\(first), \(span)")
            }
        }
    }

    @Test("Every metric in the rules and in the dashboard of Grafana is one of the function")
    func metricsExist() throws {
        let folder = Workplace.repository.appendingPathComponent("function")
        let source = try FileManager.default.subpathsOfDirectory(atPath: folder.path).filter { $0.hasSuffix(".swift") }
            .map { try String(contentsOf: folder.appendingPathComponent($0), encoding: .utf8) }.joined()
        let metrics = Set(source.matches(of: /"(pinson_[a-z_]+|process_[a-z_]+)"/).map { String($0.1) })
        #expect(metrics.count > 25)
        let expressions =
            try strings("expr", in: json(self.source("grafana.json"))) + [self.source("prometheus-rules.yaml")]
        let used = expressions.flatMap { $0.matches(of: /\b(pinson|process)_[a-z_]+/).map { String($0.0) } }
        #expect(Set(used).count > 10)
        for name in Set(used) {
            #expect(metrics.contains(name) || metrics.contains(name.replacing("_bucket", with: "")), "\(name)")
        }
    }

    @Test(.enabled(if: Program.find("promtool") != nil, "needs promtool, of Debian's package prometheus"))
    func theRulesOfPrometheusAreValidAndFireWhenTheyShould() throws {
        let tool = try #require(Program.find("promtool"))
        let file = Self.folder.appendingPathComponent("prometheus-rules.yaml").path
        let check = try Program.run(tool, ["check", "rules", file])
        #expect(check.status == 0 && check.output.contains("7 rules found"), "\(check.output)\(check.error)")
        let tests = Self.folder.appendingPathComponent("prometheus-tests.yaml").path
        let test = try Program.run(tool, ["test", "rules", tests])
        #expect(test.status == 0, "\(test.output)\(test.error)")
        // The expressions of the dashboard are those of a valid file of rules.
        try Workplace.withFolder { folder in
            var text = "groups:\n  - name: dashboard\n    rules:\n"
            for (index, expression) in try strings("expr", in: json(source("grafana.json"))).enumerated() {
                let own = expression.replacing("$job", with: ".*")
                text += "      - record: dashboard:\(index)\n        expr: '\(own)'\n"
            }
            let rules = folder.appendingPathComponent("rules.yaml")
            try Data(text.utf8).write(to: rules)
            let found = try Program.run(tool, ["check", "rules", rules.path])
            #expect(found.status == 0 && found.output.contains("rules found"), "\(found.output)\(found.error)")
        }
    }

    @Test(.enabled(if: Python.has("googleapiclient"), "needs the Python packages of `make test`"))
    func theFilesFitTheSchemasOfTheirPlatforms() throws {
        try Workplace.withFolder { folder in
            for name in try FileManager.default.contentsOfDirectory(atPath: Self.folder.path)
            where !name.hasSuffix(".yaml") {
                let text = try Template(try source(name), named: name).render([:])
                try Data(text.utf8).write(to: folder.appendingPathComponent(name))
            }
            let script = Workplace.repository.appendingPathComponent("Tests/DeploymentTests/validate_monitoring.py")
            let output = try Python.run(try String(contentsOf: script, encoding: .utf8), folder.path)
            let lines = output.split(separator: "\n")
            #expect(lines.count == 9, "\(output)")
            #expect(lines.allSatisfy { $0.hasPrefix("ok ") || $0.contains("is not installed") }, "\(output)")
        }
    }
}
