import JSON
import NIOHTTP1
import Testing

@testable import function

/// The bodies of reports, field by field, as the systems that Pinson replaces read them.
@Suite struct FeedbackRequestTests {
    private func feedback(_ body: String) throws -> FeedbackRequest {
        try FeedbackRequest(feedback: JSON(parsing: body.utf8))
    }

    @Test func everyFieldIsRead() throws {
        let report = try feedback(
            #"{"text":"late","predicted_label":"positive","score":0.9,"expected_label":"negative","comment":"no"}"#)
        #expect(report.text == "late" && report.predicted == "positive" && report.score == 0.9)
        #expect(report.expected == "negative" && report.comment == "no" && report.isCorrect == false)
    }

    @Test(arguments: [
        (#""expected_label":"positive""#, true), (#""expected_label":"negative""#, false),
        (#""expected_label":null,"comment":null"#, nil), (#""other":[{}]"#, nil),
    ])
    func aPredictionIsCorrectIfItIsWhatWasExpected(rest: String, isCorrect: Bool?) throws {
        let report = try feedback(#"{"text":"","predicted_label":"positive","score":1,\#(rest)}"#)
        #expect(report.isCorrect == isCorrect)
    }

    @Test(arguments: [("0.5", 0.5), ("\"0.5\"", 0.5), ("\" 1e-3 \"", 0.001), ("-2", -2), ("\"7\"", 7)])
    func aScoreMayBeAStringWithANumber(score: String, value: Double) throws {
        #expect(try feedback(#"{"text":"a","predicted_label":"b","score":\#(score)}"#).score == value)
    }

    @Test(arguments: [
        ("[]", "The body is an array, expected an object such as {\"text\": \"…\"}."),
        (#"{"predicted_label":"b","score":1}"#, "'text' is missing."),
        (#"{"text":null,"predicted_label":"b","score":1}"#, "'text' is null, expected a string."),
        (#"{"text":"a","score":1}"#, "'predicted_label' is missing."),
        (#"{"text":"a","predicted_label":3,"score":1}"#, "'predicted_label' is a number, expected a string."),
        (#"{"text":"a","predicted_label":"b"}"#, "'score' is missing."),
        (#"{"text":"a","predicted_label":"b","score":null}"#, "'score' is null, expected a number."),
        (#"{"text":"a","predicted_label":"b","score":"abc"}"#, "'score' is 'abc', expected a number."),
        (#"{"text":"a","predicted_label":"b","score":"nan"}"#, "'score' is 'nan', expected a number."),
        (
            #"{"text":"a","predicted_label":"b","score":1,"comment":[]}"#, "'comment' is an array, expected a string."
        ),
    ])
    func aBodyThatIsNotValidIsDescribed(body: String, detail: String) throws {
        let json = try JSON(parsing: body.utf8)
        let problem = #expect(throws: Problem.self) { try FeedbackRequest(feedback: json) }
        #expect(problem?.status == .unprocessableEntity)
        #expect(problem?.detail == detail)
    }

    @Test(arguments: [("0", 0.0), ("1", 1), ("0.25", 0.25), ("\"0.25\"", 0.25)])
    func anErrorReportSaysThatThePredictionIsWrong(probability: String, value: Double) throws {
        let body = #"{"tweet":"late","prediction":"positive","probability":\#(probability)}"#
        let report = try FeedbackRequest(errorReport: JSON(parsing: body.utf8))
        #expect(report.text == "late" && report.predicted == "positive" && report.score == value)
        #expect(report.isCorrect == false && report.expected == nil && report.comment == nil)
    }

    @Test(arguments: [
        (#"{"prediction":"a","probability":1}"#, 400, "Missing tweet or prediction."),
        (#"{"tweet":"","prediction":"a","probability":1}"#, 400, "Missing tweet or prediction."),
        (#"{"tweet":"a","prediction":null,"probability":1}"#, 400, "Missing tweet or prediction."),
        (#"{"tweet":"a","prediction":"b"}"#, 400, "Invalid probability. Must be between 0 and 1."),
        (
            #"{"tweet":"a","prediction":"b","probability":1.01}"#, 400,
            "Invalid probability. Must be between 0 and 1."
        ),
        (
            #"{"tweet":"a","prediction":"b","probability":"x"}"#, 400, "Invalid probability. Must be between 0 and 1."
        ),
        (#"{"tweet":1,"prediction":"b","probability":1}"#, 422, "'tweet' is a number, expected a string."),
    ])
    func anErrorReportThatIsNotValidIsDescribed(body: String, status: Int, detail: String) throws {
        let json = try JSON(parsing: body.utf8)
        let problem = #expect(throws: Problem.self) { try FeedbackRequest(errorReport: json) }
        #expect(problem.map { Int($0.status.code) } == status)
        #expect(problem?.detail == detail)
    }

    @Test func theSameIdempotencyKeyGivesTheSameName() throws {
        #expect(try IdempotencyKey.id("a") == IdempotencyKey.id("a"))
        #expect(try IdempotencyKey.id("a") != IdempotencyKey.id("b"))
        #expect(try IdempotencyKey.id(nil) == nil)
        #expect(try IdempotencyKey.id("") == nil)
        #expect(throws: Problem.self) { try IdempotencyKey.id(String(repeating: "a", count: 256)) }
    }
}
