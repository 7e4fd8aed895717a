import Foundation
import Testing

@testable import Deployment

/// The comparison of a report with an earlier one.
@Suite struct BaselineTests {
    private func report(_ bytes: Int64) -> Report {
        var measurements = Measurements(subject: "image.tar")
        measurements[.compressed] = Double(bytes)
        measurements.files = [.init(path: "/model", bytes: 500), .init(path: "/function", bytes: bytes - 500)]
        return Report(measurements, against: [])
    }

    @Test func growthBeyondTheAllowedShareIsAViolationThatNamesTheFile() throws {
        let old = report(1000)
        #expect(report(1050).compared(with: old, maximumGrowth: 0.05).status == .pass)
        #expect(report(900).compared(with: old, maximumGrowth: 0).status == .pass)
        let grown = report(1200).compared(with: old, maximumGrowth: 0.05)
        #expect(grown.status == .violation)
        #expect(
            grown.findings[0].message == """
                The compressed size grew by 200 bytes (20.0 %), from 1.00 kB to 1.20 kB, but may grow by at most 5 %. \
                The file that grew most is /function, by 200 bytes.
                """)
    }

    private func report(_ metric: Metric, _ value: Double) -> Report {
        var measurements = Measurements(subject: "image.tar")
        measurements[metric] = value
        measurements[.anonymous] = 1
        return Report(measurements, against: [])
    }

    @Test func aSizeOnDiskIsExact() {
        for metric in [Metric.compressed, .unpacked] {
            let old = report(metric, 30_000_000)
            #expect(report(metric, 30_000_000).compared(with: old, maximumGrowth: 0).status == .pass)
            let grown = report(metric, 30_000_001).compared(with: old, maximumGrowth: 0)
            #expect(grown.status == .violation)
            #expect(
                grown.findings[0].message == """
                    The \(metric.title) grew by 1 byte (less than 0.1 %), from 30.0 MB to 30.0 MB, but may not grow.
                    """)
        }
    }

    @Test(arguments: [
        (Metric.residentIdle, 30e6, 2e6, "5 % or 2 MB"), (.residentIdle, 400e6, 20e6, "5 % or 2 MB"),
        (.resident, 60e6, 20e6, "30 % or 20 MB"), (.resident, 400e6, 120e6, "30 % or 20 MB"),
    ])
    func measuredMemoryHasATolerance(metric: Metric, before: Double, tolerance: Double, rule: String) {
        let old = report(metric, before)
        for share in [0, 0.01] {
            #expect(report(metric, before).compared(with: old, maximumGrowth: share).status == .pass)
            #expect(report(metric, before + tolerance).compared(with: old, maximumGrowth: share).status == .pass)
            let grown = report(metric, before + tolerance + 1).compared(with: old, maximumGrowth: share)
            #expect(grown.status == .violation)
            #expect(
                grown.findings[0].message.hasSuffix(
                    "but may grow by at most \(MetricFormat.text(tolerance, .resident)). "
                        + "Measured memory varies, so \(rule) is tolerated, whichever is larger."))
        }
    }

    /// Earlier versions measured the memory of one request only.
    @Test func theMemoryInAnOldBaselineIsThatAfterOneAnswer() {
        var old = Measurements(subject: "old")
        old[.resident] = 28e6
        var new = Measurements(subject: "new")
        (new[.resident], new[.residentIdle], new[.anonymous]) = (90e6, 22e6, 60e6)
        let report = Report(new, against: []).compared(with: Report(old, against: []), maximumGrowth: 0)
        #expect(report.findings.map(\.metric) == [.residentIdle])
        #expect(report.status == .pass)
    }

    @Test func aLargerAllowedShareReplacesTheTolerance() {
        let old = report(.resident, 100e6)
        #expect(report(.resident, 150e6).compared(with: old, maximumGrowth: 0.5).status == .pass)
        let grown = report(.resident, 150e6 + 1).compared(with: old, maximumGrowth: 0.5)
        #expect(grown.status == .violation)
        #expect(grown.findings[0].message.hasSuffix("but may grow by at most 50 %."))
        #expect(report(.resident, 9e9).compared(with: old, maximumGrowth: 1e300).status == .pass)
    }

    @Test func aSizeThatTheBaselineLacksDoesNotPass() throws {
        let empty = Report(Measurements(subject: "old"), against: [])
        let compared = report(1000).compared(with: empty, maximumGrowth: 0)
        #expect(compared.status == .unmeasured)
        #expect(compared.findings.map(\.metric) == [.compressed])
    }

    /// A report with every key that users' baselines contain, with the suggestion among the remarks.
    private let stored = """
        {"schema": 1,
         "measurement": {
          "subject": "old.tar", "numbers": {"compressed": 1000, "resident": 5}, "words": {"user": ["root"]},
          "remarks": {"resident": "estimated", "suggestion": "Packing the model with --bits 8 saves 35.0 MB."},
          "files": [{"path": "/model", "bytes": 500}]},
         "findings": [
          {"target": "here", "measure": "user", "status": "violation", "measured": "root", "limit": "forbidden: root",
           "message": "user is root", "source": "its page", "confidence": "A"}]}
        """

    @Test func aBaselineThatAnEarlierVersionWroteIsRead() throws {
        let old = try Report(json: Data(stored.utf8), named: "old.json")
        #expect(old.measurements[.compressed] == 1000)
        #expect(old.measurements.values == ["user": ["root"]])
        #expect(old.findings.map(\.metric) == [.user])
        #expect(report(1000).compared(with: old, maximumGrowth: 0).findings[0].status == .pass)
    }

    @Test func theKeysOfAReportStayTheSame() throws {
        func keys(_ value: Any, _ path: String) -> Set<String> {
            guard let fields = value as? [String: Any] else {
                return (value as? [Any])?.reduce(into: []) { $0.formUnion(keys($1, path)) } ?? [path]
            }
            return fields.reduce(into: []) { $0.formUnion(keys($1.value, "\(path).\($1.key)")) }
        }
        let again = try Report(json: Data(stored.utf8), named: "old.json").json()
        let (before, after) = (Data(stored.utf8), Data(again.utf8))
        #expect(
            try keys(JSONSerialization.jsonObject(with: before), "")
                == keys(JSONSerialization.jsonObject(with: after), ""))
    }

    @Test(arguments: [
        ("{}", "'schema' is missing"), ("[]", "the document is not an object"),
        (#"{"schema":1,"measurement":{"subject":null}}"#, "'measurement.subject' is null"),
        (#"{"schema":"1"}"#, "'schema' is not a number"), ("{", "the document: "),
        (
            #"{"schema":1,"measurement":{"subject":"","numbers":{"resident":-1},"words":{},"remarks":{},"files":[]},"findings":[]}"#,
            "'measurement.numbers.resident' is -1.0, which is not a valid size"
        ),
        (
            #"{"schema":2,"measurement":{"subject":"","numbers":{},"words":{},"remarks":{},"files":[]},"findings":[]}"#,
            "the schema is 2, but this version of pinson reads only schema 1"
        ),
    ])
    func aFileThatIsNotAReportIsRefusedWithPlaceAndReason(json: String, reason: String) throws {
        let error = #expect(throws: DeploymentError.self) { try Report(json: Data(json.utf8), named: "old.json") }
        let message = "\(try #require(error))"
        #expect(message.contains(reason), "\(message)")
    }
}
