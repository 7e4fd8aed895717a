import Feedback
import Fixtures
import Testing

@testable import Reports

/// Results of queries in KQL, in all forms in which Azure gives them.
@Suite struct QueryResultTests {
    private static let members =
        #"{"text":"late, \"again\"","predicted_label":"positive","score":"0.71","expected_label":"negative","is_correct":"False"}"#
    /// The same as a text of JSON, without its quotes.
    private static var dimensions: String {
        members.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"")
    }

    private static let answer = """
        {"tables":[{"name":"PrimaryResult","columns":[{"name":"timestamp","type":"datetime"},{"name":"message","type":"string"},
        {"name":"customDimensions","type":"dynamic"}],"rows":[
        ["2026-11-24T16:20:00.1234567Z","prediction_feedback_reported","\(dimensions)"],
        ["2026-11-24T16:20:01Z","request","{}"],
        ["2026-11-24T16:20:02Z","prediction_feedback_reported","{\\"text\\":\\"no label\\"}"]]}]}
        """

    private func reports(_ text: String) throws -> FoundReports {
        try QueryResult.reports(Array(text.utf8), path: "a.json")
    }

    private func expectTheReport(_ found: FoundReports) {
        #expect(found.records.count == 1)
        let record = found.records.first
        #expect(record?.content == .text("late, \"again\"") && record?.predicted == "positive" && record?.score == 0.71)
        #expect(record?.expected == "negative" && record?.isCorrect == false)
        #expect(record?.time.description == "2026-11-24T16:20:00.123Z")
    }

    @Test func theAnswerOfTheInterfaceIsRead() throws {
        let found = try reports(Self.answer)
        expectTheReport(found)
        #expect(found.others == 1)
        #expect(
            found.problems.first?.contains("a.json: row 3: the report has no usable member 'predicted_label'") == true)
        #expect(found.problems.last == "1 report is left out")
    }

    @Test func theRowsOfTheCommandLineAreRead() throws {
        expectTheReport(
            try reports(
                """
                [{"TableName":"PrimaryResult","TimeGenerated":"2026-11-24T16:20:00.1234567Z",
                "Message":"prediction_feedback_reported","Properties":"\(Self.dimensions)"},
                {"TableName":"PrimaryResult","TimeGenerated":"2026-11-24T16:20:00Z","Message":"other","Properties":"{}"}]
                """))
    }

    @Test func theTableOfThePortalIsRead() throws {
        let quoted = Self.members.replacing("\"", with: "\"\"")
        expectTheReport(
            try reports(
                "\u{FEFF}\"timestamp [UTC]\",message,customDimensions\r\n"
                    + "\"11/24/2026, 4:20:00.123 PM\",prediction_feedback_reported,\"\(quoted)\"\r\n"))
    }

    @Test func membersThatAreColumnsAreRead() throws {
        expectTheReport(
            try reports(
                "timestamp;customDimensions_text;customDimensions_predicted_label;score;expected_label;is_correct\n"
                    + "2026-11-24T16:20:00.123Z;\"late, \"\"again\"\"\";positive;0.71;negative;false\n"))
    }

    @Test func aPartOfAResultIsRefused() {
        let text = Self.answer.dropLast() + #","error":{"code":"PartialError","message":"too much"}}"#
        let error = #expect(throws: ReportError.self) { try reports(String(text)) }
        #expect(error?.description.contains("only a part of the result: too much") == true)
        #expect(throws: ReportError.self) { try reports("{\"a\":1}") }
        #expect(throws: ReportError.self) { try reports("{\"a\"") }
    }

    @Test(arguments: [
        ("11/24/2026, 4:20:00.123 PM", "2026-11-24T16:20:00.123Z"), ("1/2/2026, 12:00:01 AM", "2026-01-02T00:00:01Z"),
        ("1/2/2026 12:00:01.5 pm", "2026-01-02T12:00:01.5Z"),
    ])
    func timesOfThePortalAreRead(text: String, time: String) {
        #expect(ReportTime.fromPortal(text) == time && ReportTime.parse(time) != nil)
    }
}
