import Fixtures
import JSON
import Testing

@testable import function

/// The requests of the Streamlit front ends of the systems that Pinson replaces, as they send them.
///
/// Both use Python's `requests`, with `json=`, and read the members that are checked here.
@Suite struct PriorFrontEndTests {
    private static let headers = [
        "User-Agent": "python-requests/2.32.5", "Accept-Encoding": "gzip, deflate", "Accept": "*/*",
        "Connection": "keep-alive",
    ]

    private func post(_ function: RunningFunction, _ path: String, _ body: String) throws -> HTTPAnswer {
        try function.request("POST", path, body: body, headers: Self.headers)
    }

    @Test func theFirstOneShowsALabelWithItsScoreAndReportsIt() throws {
        try RunningFunction.with { function in
            for text in ["I love how friendly this app is!", "The experience was terrible and frustrating."] {
                let answer = try post(function, "/predict", #"{"text": "\#(text)"}"#)
                let result = try answer.json()
                #expect(answer.status == 200 && result["label"] is String)
                let score = try #require(result["score"] as? Double)
                #expect((0...1).contains(score))
                for (expected, comment) in [(#""negative""#, #""non""#), ("null", "null"), (#""negative""#, "null")] {
                    let report = try post(
                        function, "/feedback",
                        #"{"text": "\#(text)", "predicted_label": "positive", "score": \#(score), "#
                            + #""expected_label": \#(expected), "comment": \#(comment)}"#)
                    #expect(try report.status == 200 && report.json()["status"] as? String == "ok")
                }
            }
            let lines = try function.log.map { try JSON(parsing: $0.utf8) }
                .filter { $0["message"] == .string("prediction_feedback_reported") }
            #expect(lines.count == 6)
            #expect(
                lines.map { $0["is_correct"] } == [.bool(false), nil, .bool(false), .bool(false), nil, .bool(false)])
            for body in [#"{"text": null}"#, "{}", #"{"text": 3}"#] {
                let refused = try post(function, "/predict", body)
                #expect(refused.status == 422)
                #expect(try refused.json()["detail"] is String)
            }
        }
    }

    @Test func theSecondOneShowsTheProbabilityOfPositiveAndReportsErrors() throws {
        try RunningFunction.with { function in
            let online = try function.request("GET", "/", headers: Self.headers)
            #expect(try online.json()["message"] is String)
            let answer = try post(function, "/predict", #"{"tweet": "The flight was late again"}"#)
            let result = try answer.json()
            #expect(answer.status == 200 && result.keys.sorted() == ["probability", "sentiment"])
            let probability = try #require(result["probability"] as? Double)
            let body =
                #"{"tweet": "The flight was late again", "prediction": "positive", "probability": \#(probability)}"#
            for path in ["/report_error", "/api/report_error"] {
                let report = try post(function, path, body)
                #expect(try report.status == 200 && report.json()["report_sent"] is Bool)
            }
            #expect(try post(function, "/predict", "{}").status == 422)
            let missing = try post(function, "/report_error", #"{"tweet": "", "prediction": "", "probability": 0.5}"#)
            #expect(try missing.status == 400 && missing.json()["detail"] as? String == "Missing tweet or prediction.")
            let wrong = try post(
                function, "/report_error", #"{"tweet": "a", "prediction": "positive", "probability": 1.5}"#)
            #expect(try wrong.json()["detail"] as? String == "Invalid probability. Must be between 0 and 1.")
        }
    }
}
