import Fixtures
import Foundation
import Testing

@testable import Deployment

/// The formats of a report.
@Suite struct ReportTests {
    private let report: Report

    init() {
        func finding(_ metric: Metric, _ status: Finding.Status, used: Double?, _ message: String) -> Finding {
            Finding(
                target: "cloud-run", metric: metric, status: status, measured: "600 bytes",
                limit: "at most 512 bytes", used: used,
                message: message, suggestion: status == .pass ? nil : "Pack <less>.", source: "its page, 2026",
                confidence: "A")
        }
        var measurements = Measurements(subject: "a|b.tar")
        measurements[.compressed] = 29_123_456
        measurements[.resident] = 600
        measurements.remark(.resident, "estimated")
        report = Report(
            measurements: measurements,
            findings: [
                finding(.compressed, .pass, used: 0.5, "fits"),
                finding(.resident, .violation, used: 1.2, "88 over: 100% & \"more\"\nnext"),
                finding(.user, .warning, used: nil, "runs as root"),
                finding(.startUp, .unmeasured, used: nil, "not run"),
            ])
    }

    @Test func aReportIsTheSameAfterWritingAndReadingJSON() throws {
        let text = try report.json()
        let again = try Report(json: Data(text.utf8), named: "x")
        #expect(try again.json() == text)
        #expect(again.status == .violation)
        #expect(throws: DeploymentError.self) {
            try Report(json: Data(text.replacing("\"schema\" : 1", with: "\"schema\" : 9").utf8), named: "x")
        }
    }

    @Test func eachProblemIsOneAnnotationInOneLine() {
        #expect(
            report.annotations() == """
                ::error title=pinson check%3A cloud-run::88 over: 100%25 & "more"%0Anext Pack <less>.
                ::warning title=pinson check%3A cloud-run::runs as root Pack <less>.
                ::error title=pinson check%3A cloud-run::not run Pack <less>.
                """)
    }

    @Test func aMessageCannotInjectAWorkflowCommand() {
        var hostile = report
        for index in hostile.findings.indices {
            hostile.findings[index].message = "x\r\n::error::pwned\r::stop-commands::y"
        }
        #expect(
            hostile.annotations().split(separator: "\n").allSatisfy {
                $0.hasPrefix("::error title=") || $0.hasPrefix("::warning title=")
            })
        #expect(!hostile.annotations().unicodeScalars.contains("\r"))
        #expect(!hostile.markdown().unicodeScalars.contains("\r"))
    }

    @Test func theSummaryHasOneTable() {
        let lines = report.markdown().split(separator: "\n")
        #expect(lines[0] == "### a\\|b.tar fails cloud-run because of the memory under load; 1 warning.")
        #expect(lines[4] == "| ❌ | cloud-run | memory under load | 600 bytes | at most 512 bytes | 120 % |")
        #expect(lines.count { $0.hasPrefix("|") } == 6)
    }

    @Test(.enabled(if: Python.has("xml.dom"), "needs Python"))
    func junitIsValidXMLWithEveryKindOfCase() throws {
        let script = """
            import sys, xml.dom.minidom as m
            d = m.parseString(sys.argv[1].encode())
            s = d.getElementsByTagName('testsuite')[0]
            print(s.getAttribute('tests'), s.getAttribute('failures'), s.getAttribute('errors'))
            print(repr(d.getElementsByTagName('failure')[0].getAttribute('message')))
            """
        #expect(try Python.run(script, report.junit()) == "4 1 1\n'88 over: 100% & \"more\"\\nnext'\n")
    }

    @Test func sarifHasARuleAResultAndALocationForEachProblem() throws {
        let log = try JSONSerialization.jsonObject(with: Data(report.sarif(version: "0.1.0").utf8)) as? [String: Any]
        #expect(log?["version"] as? String == "2.1.0")
        let run = try #require((log?["runs"] as? [[String: Any]])?.first)
        let results = try #require(run["results"] as? [[String: Any]])
        #expect(
            results.map { $0["ruleId"] as? String } == ["cloud-run/resident", "cloud-run/user", "cloud-run/start-up"])
        #expect(results.map { $0["level"] as? String } == ["error", "warning", "error"])
        let rules = ((run["tool"] as? [String: Any])?["driver"] as? [String: Any])?["rules"] as? [[String: Any]]
        #expect(rules?.map { $0["id"] as? String } == results.map { $0["ruleId"] as? String })
        #expect("\(results[0]["locations"] ?? "")".contains("a%7Cb.tar"))
    }
}
