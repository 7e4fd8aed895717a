import Feedback
import Fixtures
import Foundation
import JSON
import Testing

@testable import Reports

@Suite struct ExportedReportsTests {
    private static func record(_ index: Int, _ text: String, expected: String? = nil) -> FeedbackRecord {
        let time = FeedbackTime(milliseconds: 1_790_000_000_000 + index)
        return FeedbackRecord(
            id: FeedbackID(time: time), time: time, content: .text(text), predicted: "positive", score: 0.75,
            expected: expected, comment: expected.map { "it is \($0)" }, isCorrect: expected.map { $0 == "positive" },
            model: "m", modelDigest: "ab", version: "0.1", instance: "one")
    }

    private let records = [
        record(0, "a, \"b\"\n=1", expected: "negative"), record(1, "é 😀"), record(2, "c", expected: "positive"),
    ]

    private func read(_ text: String, _ name: String = "a.jsonl") throws -> [FeedbackRecord] {
        try Workplace.withFolder { folder in
            let file = folder.appendingPathComponent(name)
            try Data(text.utf8).write(to: file)
            return try ExportedReports(reading: file.path).records
        }
    }

    @Test func bothFormatsOfTheExportAreRead() throws {
        var lines = JSONWriter()
        var table = DelimitedWriter()
        let columns = [
            "id", "time", "text", "text_hash", "predicted_label", "score", "expected_label", "comment", "is_correct",
            "model", "model_sha256", "version", "instance",
        ]
        table.append(columns)
        for record in records {
            lines.value(record.json)
            lines.endLine()
            table.append(columns.map { ReportFields(record.json).text($0) ?? "" })
        }
        #expect(try read(lines.text) == records)
        #expect(try read(String(decoding: table.bytes, as: UTF8.self), "a.csv") == records)
    }

    @Test(arguments: [
        ("{\"text\":\"a\"}", "the report has no usable member 'predicted_label'; its members are 'text'"),
        ("{\"text\":\"a\",\"predicted\":\"p\",\"score\":\"x\"}", "no usable member 'score'"),
        ("{\"text\":\"a\",\"predicted\":\"p\",\"score\":1,\"time\":\"soon\"}", "the time is 'soon'"),
        ("{\"text\"", "this line is not JSON"),
    ])
    func aLineThatIsNoReportIsNamed(line: String, message: String) {
        let good = "{\"text\":\"a\",\"predicted\":\"p\",\"score\":1,\"time\":\"2026-01-01T00:00:00Z\"}\n"
        let error = #expect(throws: ReportError.self) { try read(good + "\n" + line) }
        #expect(error?.description.contains("a.jsonl:3: ") == true && error?.description.contains(message) == true)
    }

    @Test(arguments: [
        ("2026-11-24T16:20:00Z", "2026-11-24T16:20:00.000Z"),
        ("2026-11-24 16:20:00.1239999+01:30", "2026-11-24T14:50:00.123Z"),
        ("2026-11-24t16:20:00.5z", "2026-11-24T16:20:00.500Z"),
        ("2026-11-24T16:20:00-00:30", "2026-11-24T16:50:00.000Z"),
    ])
    func timesOfServicesAreRead(text: String, time: String) { #expect(ReportTime.parse(text)?.description == time) }

    @Test(arguments: ["", "2026-11-24", "2026-13-24T16:20:00Z", "2026-11-24T16:20:00", "24/11/2026 16:20"])
    func whatIsNoTimeIsNotRead(text: String) { #expect(ReportTime.parse(text) == nil) }

    @Test func reportsAreMergedByNameAndThenByWhatTheySay() {
        var copy = records[1]
        copy.id = FeedbackID(time: .now)
        var sameName = records[2]
        sameName.comment = "another"
        let set = ReportSet([records[2], records[0], records[1], copy, sameName])
        #expect(set.records == records && set.repeated == 2)
    }

    @Test func aReportWithoutANameAlwaysGetsTheSameOne() throws {
        let line =
            "{\"tweet\":\"a\",\"prediction\":\"p\",\"probability\":\"0.5\",\"timestamp\":\"2026-01-01T00:00:00Z\"}"
        let other = line.replacing("\"a\"", with: "\"b\"")
        let ids = try read([line, line, other].joined(separator: "\n")).map(\.id)
        #expect(ids[0] == ids[1] && ids[0] != ids[2])
    }
}
