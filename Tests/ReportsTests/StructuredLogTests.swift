import Feedback
import Fixtures
import Testing

@testable import Reports

/// Reports in the logs of platforms.
@Suite struct StructuredLogTests {
    private static let members =
        #""message":"prediction_feedback_reported","id":"019a0c2d5e7f4b1c8a9d0e1f2a3b4c5d","text":"a {b}","predicted_label":"positive","score":0.5"#
    private static let line = #"{"severity":"WARNING","time":"2026-11-24T16:20:00.123Z",\#(members)}"#
    private static var escaped: String {
        line.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"")
    }

    private static let wrapped: [String] = [
        line, "2026-11-24T16:20:01Z function \(line)",
        #"{"insertId":"x","id":"other","timestamp":"2026-11-24T16:20:00.123456Z","jsonPayload":{\#(members)},"logName":"l"}"#,
        #"{"log":"\#(escaped)\n","stream":"stdout","time":"2026-11-24T16:20:09Z"}"#,
        #"{"TimeGenerated":"2026-11-24T16:20:09Z","Log_s":"\#(escaped)"}"#,
        #"{"timestamp":1,"message":"\#(escaped)"}"#,
    ]

    @Test(arguments: wrapped)
    func aReportIsFoundWhateverAPlatformHasWrappedAroundIt(line: String) {
        let log = "{\"severity\":\"INFO\",\"message\":\"listening\"}\nno JSON {\n\n\(line)\r\n"
        let found = StructuredLog.reports(Array(log.utf8), path: "a.log")
        #expect(found.records.count == 1 && found.others == 2 && found.problems.isEmpty, "\(found)")
        #expect(found.records.first?.id.description == "019a0c2d5e7f4b1c8a9d0e1f2a3b4c5d")
        #expect(found.records.first?.content == .text("a {b}"))
        #expect(found.records.first?.time.description == "2026-11-24T16:20:00.123Z")
    }

    @Test func anArrayOfEntriesIsRead() {
        let log = "[\n\(Self.wrapped[2]),\n{\"textPayload\":\"x\"}\n]\n"
        let found = StructuredLog.reports(Array(log.utf8), path: "a.json")
        #expect(found.records.count == 1 && found.others == 1)
    }

    @Test func aReportThatCannotBeReadIsNamedAndTheOthersAreKept() {
        let bad = Self.line.replacing("0.5", with: "null")
        let log = Array(repeating: bad, count: 20).joined(separator: "\n") + "\n" + Self.line
        let found = StructuredLog.reports(Array(log.utf8), path: "a.log")
        #expect(found.records.count == 1 && found.problems.count == 12)
        #expect(found.problems.first?.hasPrefix("a.log:1: the report has no usable member 'score'") == true)
        #expect(found.problems.last == "20 reports are left out")
    }

    @Test func anyBytesAreRead() {
        var random = Seeded(8)
        let start = Array((Self.wrapped.joined(separator: "\n")).utf8)
        for _ in 0..<300 {
            var bytes = start
            for _ in 0..<10 {
                bytes[Int.random(in: 0..<bytes.count, using: &random)] = .random(in: 0...255, using: &random)
            }
            _ = StructuredLog.reports(bytes, path: "a.log")
            _ = try? QueryResult.reports(bytes, path: "a.json")
        }
    }
}
